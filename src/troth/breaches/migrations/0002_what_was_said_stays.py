from __future__ import annotations

from pathlib import Path

from django.db import migrations

BACK = """
DROP TRIGGER correction_stays ON breaches_correction; DROP TRIGGER documented_stays ON breaches_documented;
DROP TRIGGER risk_stays ON breaches_riskdecision; DROP TRIGGER exemption_stays ON breaches_exemption;
DROP TRIGGER report_stays ON breaches_report; DROP TRIGGER letter_stays ON breaches_peopleletter;
DROP TRIGGER breach_stays ON breaches_breach;
DROP FUNCTION breaches_said_stays(); DROP FUNCTION breaches_exemption_stays(); DROP FUNCTION breaches_report_stays();
DROP FUNCTION breaches_letter_stays(); DROP FUNCTION breaches_breach_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("breaches", "0001_breaches")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), BACK)]
