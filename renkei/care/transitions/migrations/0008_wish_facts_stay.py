from django.db import migrations

# The disposal of one person's record names that person for its transaction; nothing else deletes.
REFUSE = """
CREATE FUNCTION transitions_refuse_wish_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('renkei.destroyed_subject', true) = (
        SELECT patient.uid::text
        FROM transitions_wishplan plan
        JOIN patients_patient patient ON patient.id = plan.patient_id
        WHERE plan.id = OLD.plan_id
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '意思の確認の記録は追加だけできます（% は行えません）。', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER transitions_wish_fact_stays BEFORE UPDATE OR DELETE ON transitions_wishfact
    FOR EACH ROW EXECUTE FUNCTION transitions_refuse_wish_change();

CREATE FUNCTION transitions_refuse_conditions_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE'
        AND NEW.state <> 'draft'
        AND NEW.content = OLD.content
        AND NEW.area_id = OLD.area_id
        AND NEW.number = OLD.number
        AND NEW.uid = OLD.uid THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '公開した版は変えられません（% は行えません）。', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER transitions_conditions_stay BEFORE UPDATE OR DELETE ON transitions_wishconditions
    FOR EACH ROW EXECUTE FUNCTION transitions_refuse_conditions_change();
"""
ALLOW = """
DROP TRIGGER transitions_conditions_stay ON transitions_wishconditions;
DROP FUNCTION transitions_refuse_conditions_change();
DROP TRIGGER transitions_wish_fact_stays ON transitions_wishfact;
DROP FUNCTION transitions_refuse_wish_change();
"""


class Migration(migrations.Migration):
    dependencies = [("transitions", "0007_homes_and_wishes")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
