from django.db import migrations

# The disposal of one person's record names that person for its transaction; nothing else deletes.
REFUSE = """
CREATE FUNCTION transitions_refuse_fact_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('renkei.destroyed_subject', true) = (
        SELECT patient.uid::text
        FROM transitions_coordinationcase stay
        JOIN patients_patient patient ON patient.id = stay.patient_id
        WHERE stay.id = OLD.case_id
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '入退院の記録は追加だけできます（% は行えません）。', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER transitions_fact_stays BEFORE UPDATE OR DELETE ON transitions_casefact
    FOR EACH ROW EXECUTE FUNCTION transitions_refuse_fact_change();

CREATE FUNCTION transitions_refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE'
        AND NEW.state <> 'draft'
        AND NEW.content = OLD.content
        AND NEW.rule_id = OLD.rule_id
        AND NEW.number = OLD.number
        AND NEW.uid = OLD.uid THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '公開した版は変えられません（% は行えません）。', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER transitions_version_stays BEFORE UPDATE OR DELETE ON transitions_ruleversion
    FOR EACH ROW EXECUTE FUNCTION transitions_refuse_version_change();
"""
ALLOW = """
DROP TRIGGER transitions_version_stays ON transitions_ruleversion;
DROP FUNCTION transitions_refuse_version_change();
DROP TRIGGER transitions_fact_stays ON transitions_casefact;
DROP FUNCTION transitions_refuse_fact_change();
"""


class Migration(migrations.Migration):
    dependencies = [("transitions", "0001_rules_cases_and_contacts")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
