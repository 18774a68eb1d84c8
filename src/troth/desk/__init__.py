"""The staff shell: Today, and the pages that gather several rooms, such as the customer's whole story. It only reads."""
