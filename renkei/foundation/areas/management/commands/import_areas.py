from renkei.foundation.areas.management.commands._files import AreaFilesCommand


class Command(AreaFilesCommand):
    help = "市区町村、圏域、境界、人口の公表ファイルを取り込みます（種類は中身で見分けます）。"
