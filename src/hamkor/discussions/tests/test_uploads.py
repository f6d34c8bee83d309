# SPDX-License-Identifier: Apache-2.0
"""Files made to harm, and files people send every day."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hamkor.common.errors import HamkorError
from hamkor.discussions.redrawing import redraw
from hamkor.discussions.rules.uploads import (
    FIELD,
    OFFICE,
    UPLOAD_PROFILES,
    UploadRefusedError,
    clean_name,
    extension_of,
    judge_upload,
)
from hamkor.discussions.tests.builders import RELATIONS, TABLE, WORD, archive, office, pdf, types

GEO = b'{"type": "FeatureCollection", "features": []}'
PLACE_TAG, OWNER_TAG, TURN_TAG = 0x8825, 0x9C9D, 0x0112


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 3), mode: str = "RGB", **options: Any) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, 1).save(made, kind, **options)
    return made.getvalue()


def refusal(name: str, content: Any, declared: str | None = None) -> str:
    with pytest.raises(UploadRefusedError) as caught:
        judge_upload(name, content, declared)
    assert len(caught.value.message.in_english()) > 20
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("plan.pdf", pdf(), "application/pdf"),
        ("map.PNG", picture(), "image/png"),
        ("photo.jpg", picture("JPEG"), "image/jpeg"),
        ("photo.jpeg", picture("JPEG"), "image/jpeg"),
        ("photo.webp", picture("WEBP"), "image/webp"),
        ("photo.webp", picture("WEBP", lossless=True), "image/webp"),
        ("order.docx", office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("duties.xlsx", office(TABLE), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("note.txt", "Oʻzbekiston\nўқғҳ".encode(), "text/plain"),
        ("note.txt", "Привет, всем".encode("cp1251"), "text/plain"),
        ("note.txt", "Привет".encode("utf-16"), "text/plain"),
        ("MZ.txt", b"MZ is also how a word may begin", "text/plain"),
        ("table.csv", b"a;b\n1;2\n", "text/csv"),
        ("venue.geojson", GEO, "application/geo+json"),
        ("any.json", b'\xef\xbb\xbf{"a": [1, 2]}', "application/json"),
    ],
)
def test_everyday_files_are_taken(name: str, content: bytes, media_type: str) -> None:
    for given_content in (content, io.BytesIO(content)):
        found = judge_upload(name, given_content, "application/octet-stream")
        assert (found.media_type, found.content) == (media_type, content)
        assert found.is_picture == media_type.startswith("image/")


def test_what_office_programs_write_is_taken() -> None:
    document, table, written = docx.Document(), openpyxl.Workbook(), io.BytesIO()
    document.add_heading("Reja")
    document.save(written)
    assert judge_upload("a.docx", written.getvalue()).name == "a.docx"
    written = io.BytesIO()
    for number in range(2000):
        table.worksheets[0].append([number, "post", 0])
    table.save(written)
    assert judge_upload("a.xlsx", written.getvalue()).name == "a.xlsx"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", "file-empty"),
        ("program.exe", b"MZ\x90\x00\x03\x00\x00\x00", "file-active"),
        ("program.pdf", b"MZ\x90\x00\x03\x00\x00\x00", "file-active"),
        ("program.txt", b"#!/bin/sh\nrm -rf /\n", "file-active"),
        ("program.png", b"\x7fELF\x02\x01\x01\x00", "file-active"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "file-active"),
        ("drawing.txt", b"\n  <SVG onload=alert(1)>", "file-active"),
        ("drawing.csv", '\ufeff<?xml version="1.0"?><svg/>'.encode(), "file-active"),
        ("page.txt", b"<!DOCTYPE html><html></html>", "file-active"),
        ("page.txt", b"some words first <script src=x>", "file-active"),
        ("page.json", "<html>".encode("utf-16"), "file-active"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file-locked"),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file-locked"),
        ("all.zip", archive({"a.txt": b"a"}), "file-archive"),
        ("all.docx", archive({"a.txt": b"a"}), "file-archive"),
        ("all.rar", b"Rar!\x1a\x07\x01\x00", "file-kind"),
        ("film.mp4", b"\x00\x00\x00\x18ftypmp42", "file-kind"),
        ("noending", b"text", "file-kind"),
        ("photo.png", picture("JPEG"), "file-differs"),
        ("photo.pdf", picture("PNG"), "file-differs"),
        ("plan.docx", pdf(), "file-differs"),
        ("table.docx", office(TABLE), "file-differs"),
        ("binary.txt", bytes(range(256)), "file-differs"),
        ("broken.json", b'{"a": ', "file-json"),
        ("deep.json", b"[" * 100_000 + b"]" * 100_000, "file-json"),
        ("not-geo.geojson", b'{"type": "Topology"}', "file-json"),
        ("not-geo.geojson", b"[1, 2]", "file-json"),
        ("cut.png", picture()[:20], "file-damaged"),
        ("cut.jpg", picture("JPEG")[:30], "file-damaged"),
        ("cut.webp", picture("WEBP")[:18], "file-damaged"),
        ("cut.docx", office()[:-40], "file-damaged"),
        ("cut.pdf", b"%PDF-1.7\nhalf a file", "file-damaged"),
        ("odd.pdf", b"%PDF-9\n%%EOF", "file-damaged"),
    ],
)
def test_what_is_not_taken(name: str, content: bytes, code: str) -> None:
    assert refusal(name, content) == code


def test_a_file_of_two_kinds_is_refused() -> None:
    hidden = archive({"a.txt": b"a"})
    assert refusal("plan.pdf", pdf() + hidden) == "file-damaged"
    assert refusal("plan.pdf", pdf(hidden)) == "file-damaged"
    assert refusal("plan.pdf", pdf() + b"<script>alert(1)</script>") == "file-damaged"
    assert refusal("photo.png", picture() + hidden) == "file-damaged"
    assert refusal("order.docx", b"PK\x03\x04" + bytes(100) + office()) == "file-damaged"
    assert refusal("order.docx", office() + b"tail") == "file-damaged"


@pytest.mark.parametrize(
    "action",
    [b"<< /S /JavaScript /JS (1) >>", b"<< /S /J#61vaScr#69pt >>", b"<< /Launch >>", b"/EmbeddedFiles 3"],
)
def test_a_pdf_that_starts_something_is_refused(action: bytes) -> None:
    assert refusal("plan.pdf", pdf(action)) == "file-pdf-active"


def test_a_declared_type_must_agree() -> None:
    assert judge_upload("a.csv", b"a;b", "application/vnd.ms-excel").media_type == "text/csv"
    assert judge_upload("a.txt", b"a", "text/plain; charset=utf-8").media_type == "text/plain"
    assert refusal("a.pdf", pdf(), "text/html") == "file-declared"


def test_a_huge_file_is_refused_without_reading_all_of_it() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.taken += size
            return b"a" * size

    stream = Endless()
    assert refusal("a.txt", stream) == "file-too-large"
    assert stream.taken <= OFFICE.most_bytes + 100_000
    assert refusal("a.txt", b"a" * (OFFICE.most_text_bytes + 1)) == "file-too-large"
    with pytest.raises(HamkorError, match="file-too-large"):
        judge_upload("a.txt", b"a" * (FIELD.most_text_bytes + 1), limits=UPLOAD_PROFILES["field"])


@pytest.mark.parametrize(
    "parts",
    [
        {"word__media__zeros": bytes(30_000_000)},
        {f"word__part{number}": bytes(900_000) for number in range(60)},
        {f"word__part{number}": b"" for number in range(2_100)},
    ],
    ids=["one large file", "many small files", "too many files"],
)
def test_a_document_that_unpacks_without_end_is_refused(parts: dict[str, bytes]) -> None:
    bomb = office(**parts)
    assert len(bomb) < 1_000_000
    with pytest.raises(UploadRefusedError, match="file-bomb"):
        judge_upload("order.docx", bomb, limits=FIELD)


def test_a_bomb_takes_little_memory() -> None:
    bomb = office(word__media__zeros=bytes(30_000_000))
    tracemalloc.start()
    refusal("order.docx", bomb)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_files_that_share_their_bytes_are_refused() -> None:
    """Every line of the list names the same packed bytes."""
    plain = office()
    end = struct.Struct("<4s4H2LH")
    *_, total, size, offset, _comment = end.unpack(plain[-end.size :])
    entries = plain[offset : offset + size]
    shared = entries + entries.replace(b"word/document.xml", b"word/documenu.xml")
    again = end.pack(b"PK\x05\x06", 0, 0, 2 * total, 2 * total, len(shared), offset, 0)
    assert refusal("order.docx", plain[:offset] + shared + again) in {"file-bomb", "file-damaged"}


def test_a_list_that_lies_about_sizes_is_refused() -> None:
    content = office(word__big=bytes(5_000_000))
    real, told = struct.pack("<L", 5_000_000), struct.pack("<L", 10)
    assert refusal("order.docx", content.replace(real, told)) == "file-damaged"


def test_what_lies_inside_is_looked_at() -> None:
    table = office(TABLE)
    assert (
        judge_upload("a.docx", archive({**word_parts(), "word/embeddings/chart.xlsx": table})).name
        == "a.docx"
    )
    nested = archive(
        {**word_parts(), "word/embeddings/a.docx": archive({**word_parts(), "word/b.xlsx": table})}
    )
    assert refusal("a.docx", nested) == "file-archive"
    assert refusal("a.docx", archive({**word_parts(), "word/a.zip": archive({"x": b"x"})})) == "file-archive"
    assert refusal("a.docx", archive({**word_parts(), "word/a.bin": b"MZ\x90\x00program"})) == "file-macros"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1object"
    assert (
        refusal("a.docx", archive({**word_parts(), "word/embeddings/oleObject1.bin": ole})) == "file-macros"
    )


def word_parts() -> dict[str, bytes]:
    return {"[Content_Types].xml": types(WORD), "word/document.xml": b"<w/>"}


def test_macros_are_refused() -> None:
    assert refusal("a.docx", archive({**word_parts(), "word/vbaProject.bin": b"anything"})) == "file-macros"
    assert refusal(
        "a.xlsx", archive({"[Content_Types].xml": types(TABLE), "xl/macrosheets/s.xml": b"<x/>"})
    ) == ("file-macros")
    named = WORD.replace(
        "openxmlformats-officedocument.wordprocessingml.document", "ms-word.document.macroEnabled"
    )
    assert refusal("a.docx", office(extra_types=f'<Override ContentType="{named}"/>')) == "file-macros"
    link = b'<externalLink><ddeLink ddeService="cmd"/></externalLink>'
    assert refusal("a.xlsx", office(TABLE, xl__externalLinks__externalLink1=link)) == "file-macros"
    assert refusal("a.docm", archive({**word_parts(), "word/vbaProject.bin": b"anything"})) == "file-archive"


@pytest.mark.parametrize(
    ("kind", "target", "is_refused"),
    [
        ("attachedTemplate", "https://example.org/a.dotm", True),
        ("attachedTemplate", "file://server/share/a.dotm", True),
        ("attachedTemplate", "\\\\server\\share\\a.dotm", True),
        ("oleObject", "mhtml:http://example.org/a", True),
        ("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm", False),
        ("hyperlink", "https://example.org", False),
    ],
)
@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_a_document_that_fetches_programs_is_refused(
    kind: str, target: str, is_refused: bool, code: str
) -> None:
    reference = f'<Relationship Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="External"/>'
    head = f'<?xml version="1.0" encoding="{code}"?>'
    relations = f"{head}<Relationships>{reference}</Relationships>".encode(code)
    content = archive({**word_parts(), "word/_rels/settings.xml.rels": relations})
    if is_refused:
        assert refusal("a.docx", content) == "file-macros"
    else:
        assert judge_upload("a.docx", content).name == "a.docx"


@pytest.mark.parametrize("name", ["../a.xml", "/a.xml", "C:/a.xml", "a\\b.xml", "word/DOCUMENT.xml"])
def test_odd_names_inside_are_refused(name: str) -> None:
    assert refusal("a.docx", archive({**word_parts(), name: b"<x/>"})) == "file-damaged"


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_document_types_inside_are_refused(code: str) -> None:
    laughs = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">]><w>&a;</w>'.encode(code)
    assert refusal("a.docx", office(word__styles=laughs)) == "file-damaged"


def test_locked_files_inside_are_refused() -> None:
    content = bytearray(office())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    assert refusal("a.docx", bytes(content)) == "file-locked"


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(50_000, 50_000), (20_001, 10), (2**31 - 1, 2**31 - 1)])
def test_a_picture_of_absurd_size_is_refused_by_its_head(size: tuple[int, int]) -> None:
    assert refusal("map.png", png_of(*size)) == "picture-too-large"


def test_a_picture_of_nothing_but_markers_is_refused() -> None:
    assert refusal("a.jpg", b"\xff\xd8\xff" + b"\xd0\xff" * 1_000_000 + b"\xd9") == "file-damaged"
    assert refusal("a.jpg", b"\xff\xd8" + b"\xff" * 1_000_000) == "file-damaged"


def test_endless_references_inside_are_refused() -> None:
    references = "".join(f'<Relationship Type="a" Target="{number**3}"/>' for number in range(25_000))
    relations = f"<Relationships>{references}</Relationships>".encode()
    assert refusal("a.docx", archive({**word_parts(), "word/_rels/a.xml.rels": relations})) == "file-damaged"


def test_a_picture_loses_what_is_not_seen() -> None:
    secrets = Image.Exif()
    secrets[OWNER_TAG], secrets[TURN_TAG] = "owner", 6
    secrets[PLACE_TAG] = {2: (41.0, 18.0, 0.0)}
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")):
        content = picture(kind, exif=secrets) + (b"tail of a private kind" if kind == "JPEG" else b"")
        accepted = judge_upload(name, content)
        drawn = redraw(accepted)
        assert b"tail of" not in drawn
        with Image.open(io.BytesIO(drawn)) as seen:
            assert len(seen.getexif()) == 0
            assert seen.size == (3, 4), "turned as the camera noted"
            assert not {"exif", "comment", "icc_profile", "xmp"} & set(seen.info)


def test_comments_and_profiles_of_pictures_go() -> None:
    content = picture("JPEG", comment=b"where we meet", icc_profile=b"profile")
    assert b"where we meet" in content
    drawn = redraw(judge_upload("a.jpg", content))
    assert b"where we meet" not in drawn
    assert b"ICC_PROFILE" not in drawn


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_any_png_is_drawn_anew(mode: str) -> None:
    drawn = redraw(judge_upload("a.png", picture(mode=mode)))
    with Image.open(io.BytesIO(drawn)) as seen:
        assert seen.size == (4, 3)


def test_what_is_see_through_stays_so() -> None:
    made = io.BytesIO()
    Image.new("P", (2, 2), 0).save(made, "PNG", transparency=0)
    with Image.open(io.BytesIO(redraw(judge_upload("a.png", made.getvalue())))) as seen:
        assert seen.convert("RGBA").getpixel((0, 0))[3] == 0
    with Image.open(io.BytesIO(redraw(judge_upload("a.jpg", picture("JPEG", mode="CMYK"))))) as seen:
        assert seen.mode == "RGB"


def test_a_picture_that_cannot_be_drawn_is_refused() -> None:
    for name, content in (("a.png", png_of(5, 5)), ("a.jpg", picture("JPEG", size=(300, 300))[:-200])):
        with pytest.raises(UploadRefusedError, match="file-damaged"):
            redraw(judge_upload(name, content))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("  two   words .pdf ", "two words.pdf"),
        ("con.txt", "_con.txt"),
        ("a<b>:c?.txt", "a_b__c_.txt"),
        ("reja Oʻzbekiston ў.pdf", "reja Oʻzbekiston ў.pdf"),
        ("й.txt", "й.txt"),
    ],
)
def test_names_are_cleaned(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


@pytest.mark.parametrize("name", ["", "...", "/", "\u202e\u200b", "\x00"])
def test_a_file_needs_a_name(name: str) -> None:
    assert refusal(name, b"a") == "file-name-empty"


@given(st.text(max_size=600))
def test_a_clean_name_is_short_and_stays_as_it_is(sent: str) -> None:
    try:
        kept = clean_name(sent)
    except UploadRefusedError:
        return
    assert 0 < len(kept) <= OFFICE.most_name_characters + 1
    assert len(kept.encode()) <= OFFICE.most_name_bytes + 1
    assert clean_name(kept) == kept
    assert not set(kept) & set('/\\\x00\n\u202e<>:"|?*')


@given(st.text(alphabet="абв", min_size=120, max_size=200), st.sampled_from(["pdf", "docx"]))
def test_a_long_name_keeps_its_ending(stem: str, extension: str) -> None:
    assert extension_of(clean_name(f"{stem}.{extension}")) == extension


@given(
    st.sampled_from([pdf(), picture(), picture("JPEG"), picture("WEBP"), office(), GEO]),
    st.data(),
    st.sampled_from(["pdf", "png", "jpg", "webp", "docx", "xlsx", "geojson", "txt"]),
)
def test_files_with_changed_bytes_are_taken_or_refused_never_more(
    content: bytes, data: st.DataObject, extension: str
) -> None:
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(0, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    cut = (
        bytes(changed[: data.draw(st.integers(0, len(changed)))])
        if data.draw(st.booleans())
        else bytes(changed)
    )
    try:
        redraw(judge_upload(f"a.{extension}", cut))
    except UploadRefusedError:
        return


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]),
)
def test_any_bytes_are_taken_or_refused_never_more(content: bytes, start: bytes) -> None:
    for extension in ("pdf", "png", "jpg", "docx", "json", "csv"):
        try:
            redraw(judge_upload(f"a.{extension}", start + content))
        except UploadRefusedError:
            continue
