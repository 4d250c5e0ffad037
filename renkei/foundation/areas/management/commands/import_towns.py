from renkei.foundation.areas.management.commands._files import AreaFilesCommand


class Command(AreaFilesCommand):
    help = "町丁目・字の位置の表（towns.csv または zip）を取り込みます。"
