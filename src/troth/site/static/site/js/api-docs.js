// Shows the API's description with Swagger UI, which stands beside this file.
const place = document.getElementById("swagger-ui");
SwaggerUIBundle({
  url: place.dataset.url,
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  validatorUrl: null,
});
