"""Files as people bring them, made here: nothing in them is real."""

from __future__ import annotations

import io
import zipfile

import pypdf
from PIL import Image, ImageDraw, TiffImagePlugin
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

# A place at sea east of 銚子, as a camera writes it, and the words a leak is looked for by.
LATITUDE = (35.0, 41.0, 12.5)
CANARY = b"kakuu-camera-7741"


def photo(*, orientation: int = 6, size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Red left half, blue right half; ``exif_of`` says it must be turned."""
    picture = Image.new("RGB", size, "blue")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2 - 1, size[1]), fill="red")
    return picture


def exif_of(orientation: int = 6) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = CANARY.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", tuple(TiffImagePlugin.IFDRational(each) for each in LATITUDE)
    gps[3], gps[4] = "E", tuple(TiffImagePlugin.IFDRational(each) for each in LATITUDE)
    return exif


def jpeg(orientation: int = 6, size: tuple[int, int] = (60, 40)) -> bytes:
    buffer = io.BytesIO()
    xmp = b"<x:xmpmeta><exif:GPSLatitude>" + CANARY + b"</exif:GPSLatitude></x:xmpmeta>"
    photo(size=size).save(
        buffer, "JPEG", exif=exif_of(orientation), xmp=xmp, comment=CANARY, quality=95
    )
    # A second file behind the picture, as some phones leave it.
    return buffer.getvalue() + b"trailer " + CANARY


def png() -> bytes:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    buffer = io.BytesIO()
    photo().save(buffer, "PNG", pnginfo=info, exif=exif_of())
    return buffer.getvalue()


def tiff(pages: int = 2, *, mode: str = "1") -> bytes:
    buffer = io.BytesIO()
    frames = [photo().convert(mode) for _ in range(pages)]
    exif = exif_of(1)
    exif[700] = CANARY  # XMP
    frames[0].save(
        buffer, "TIFF", save_all=True, append_images=frames[1:], exif=exif,
        compression="group4" if mode == "1" else "tiff_lzw",
    )  # fmt: skip
    return buffer.getvalue()


def office(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, body in entries.items():
            archive.writestr(name, body)
    return buffer.getvalue()


def docx(**media: bytes) -> bytes:
    pictures = {f"word/media/{name.replace('_', '.')}": body for name, body in media.items()}
    return office({"word/document.xml": b"<w:document/>", **pictures})


def xlsx() -> bytes:
    return office({"xl/workbook.xml": b"<workbook/>"})


def pdf(pages: int = 1) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    return _written(writer)


def active_pdf() -> bytes:
    """Scripts at opening, in names, on a page, on a button; a file inside; a link that may stay."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(595, 842)
    _add_script(writer)
    writer.add_attachment("inside.txt", b"attached")
    script = _action("/JavaScript", "/JS", "app.alert('y')")
    writer.root_object[NameObject("/OpenAction")] = script
    writer.root_object[NameObject("/AA")] = DictionaryObject({NameObject("/WC"): script})
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/XFA"): TextStringObject("x"), NameObject("/Fields"): ArrayObject()}
    )
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    launch = _action("/Launch", "/F", "calc.exe")
    link = _action("/URI", "/URI", "https://example.test/")
    chained = _action("/URI", "/URI", "https://example.test/")
    chained[NameObject("/Next")] = script
    page[NameObject("/Annots")] = ArrayObject(
        [
            writer._add_object(_annotation("/Widget", launch)),
            _annotation("/Link", link),
            _annotation("/Link", chained),
            writer._add_object(_annotation("/RichMedia", None)),
        ]
    )
    return _written(writer)


def _add_script(writer: pypdf.PdfWriter) -> None:
    script = writer._add_object(_action("/JavaScript", "/JS", "app.alert('x')"))
    tree = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), script])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): tree})


def _action(kind: str, key: str, value: str) -> DictionaryObject:
    return DictionaryObject(
        {NameObject("/S"): NameObject(kind), NameObject(key): TextStringObject(value)}
    )


def _annotation(kind: str, action: DictionaryObject | None) -> DictionaryObject:
    found = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject(kind),
            NameObject("/Rect"): ArrayObject([FloatObject(each) for each in (0, 0, 9, 9)]),
        }
    )
    if action is not None:
        found[NameObject("/A")] = action
    return found


def pdf_with_photo() -> bytes:
    """A photograph that lies in a PDF as it came from the camera."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(595, 842)
    picture = StreamObject()
    picture._data = jpeg(1)
    for key, value in {
        "/Type": NameObject("/XObject"),
        "/Subtype": NameObject("/Image"),
        "/Width": FloatObject(60),
        "/Height": FloatObject(40),
        "/ColorSpace": NameObject("/DeviceRGB"),
        "/BitsPerComponent": FloatObject(8),
        "/Filter": NameObject("/DCTDecode"),
    }.items():
        picture[NameObject(key)] = value
    content = StreamObject()
    content._data = b"q 600 0 0 400 0 0 cm /Im0 Do Q"
    page[NameObject("/Resources")] = DictionaryObject(
        {
            NameObject("/XObject"): DictionaryObject(
                {NameObject("/Im0"): writer._add_object(picture)}
            )
        }
    )
    page[NameObject("/Contents")] = writer._add_object(content)
    return _written(writer)


def locked_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("himitsu", algorithm="AES-256")
    return _written(writer)


def restricted_pdf() -> bytes:
    """Opens without a password, but says that it must not be changed."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    _add_script(writer)
    writer.encrypt("", owner_password="kakuu", algorithm="AES-256")
    return _written(writer)


def _written(writer: pypdf.PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
