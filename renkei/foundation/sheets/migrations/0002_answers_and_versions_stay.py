from django.db import migrations

# The disposal of one subject's record names that subject for its transaction; nothing else deletes.
REFUSE = """
CREATE FUNCTION sheets_refuse_answer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        AND OLD.subject_uid::text = current_setting('renkei.destroyed_subject', true) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '回答は追加だけできます（% は行えません）。', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER sheets_answer_stays BEFORE UPDATE OR DELETE ON sheets_answer
    FOR EACH ROW EXECUTE FUNCTION sheets_refuse_answer_change();

CREATE FUNCTION sheets_refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE'
        AND NEW.state <> 'draft'
        AND NEW.questionnaire = OLD.questionnaire
        AND NEW.form_id = OLD.form_id
        AND NEW.number = OLD.number
        AND NEW.uid = OLD.uid THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '公開した版は変えられません（% は行えません）。', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER sheets_version_stays BEFORE UPDATE OR DELETE ON sheets_formversion
    FOR EACH ROW EXECUTE FUNCTION sheets_refuse_version_change();
"""
ALLOW = """
DROP TRIGGER sheets_version_stays ON sheets_formversion;
DROP FUNCTION sheets_refuse_version_change();
DROP TRIGGER sheets_answer_stays ON sheets_answer;
DROP FUNCTION sheets_refuse_answer_change();
"""


class Migration(migrations.Migration):
    dependencies = [("sheets", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
