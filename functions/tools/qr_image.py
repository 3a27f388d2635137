"""Draws QR codes with qrcode and Pillow, and reads codes from images with zxing-cpp."""

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from functions.tools.qr_codes import BadImage, Drawn, Found
from functions.tools.qr_rules import QUIET_ZONE, Rgb
from utilsbot.i18n import _, number

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 25_000_000
"""A photo of 25 megapixels takes 75 MB once it is unpacked."""
MAX_SIDE_PX = 65_535
"""zxing-cpp takes no more."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")

# Pillow, qrcode and zxing-cpp are imported where they are used: the group's other commands, and
# their cold starts, do without them.


class QrImages:
    """The port that /qr is given; stateless."""

    def draw(self, content: bytes, *, level: str, module_px: int, dark: Rgb, light: Rgb) -> Drawn:
        """A PNG of two colours.

        Args:
            content: at most what the level holds.
            level: L, M, Q or H.
            module_px: pixels a module.
            dark: of the modules that are set.
            light: of the others and the quiet zone.
        """
        from PIL import Image
        from qrcode import constants, main, util

        code = main.QRCode(
            error_correction=getattr(constants, f"ERROR_CORRECT_{level}"), border=QUIET_ZONE
        )
        # One segment of bytes: what fits is then a plain number of bytes, whatever the text.
        code.add_data(util.QRData(content, mode=util.MODE_8BIT_BYTE))
        code.make()
        matrix = code.get_matrix()
        side = len(matrix)
        image = Image.frombytes("P", (side, side), bytes(bool(m) for line in matrix for m in line))
        image.putpalette([*light, *dark])
        image = image.resize((side * module_px, side * module_px), Image.Resampling.NEAREST)
        png = BytesIO()
        image.save(png, "PNG", optimize=True, bits=1)
        return Drawn(png.getvalue(), code.version, side - 2 * QUIET_ZONE, image.width)

    def read(self, image: bytes) -> tuple[Found, ...]:
        """Every two-dimensional code in an image, none twice; of an animation, its first frame.

        Raises:
            BadImage: it is no PNG, JPEG, WebP or GIF, it is damaged, or it or a side of it has too
                many pixels.
        """
        import zxingcpp

        formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.AllMatrix)
        plain = zxingcpp.TextMode.Plain
        for picture in _pictures(image):
            if codes := zxingcpp.read_barcodes(picture, formats, text_mode=plain):
                found = [_found(str(code.format), code.bytes, code.text) for code in codes]
                return tuple(dict.fromkeys(found))
        return ()


def _found(kind: str, content: bytes, text: str) -> Found:
    """The text is UTF-8 where it can be; zxing-cpp's guess is for the older character sets."""
    try:
        return Found(kind, content, content.decode())
    except UnicodeDecodeError:
        return Found(kind, content, text if text and text.isprintable() else None)


def _pictures(content: bytes) -> "list[Image.Image]":
    """The image in shades of grey; where it is see-through, on white and then on black."""
    picture = _opened(content)
    if picture.mode == "I;16":  # convert() would clip 16 bits of grey instead of scaling them
        return [picture.point(lambda shade: shade / 256).convert("L")]
    if "transparency" not in picture.info and not picture.mode.endswith(("A", "a")):
        return [picture.convert("L")]
    from PIL import Image

    clear = picture.convert("RGBA")
    grounds = [Image.new("RGBA", clear.size, shade) for shade in ("white", "black")]
    return [Image.alpha_composite(ground, clear).convert("L") for ground in grounds]


def _check_pixels(width: int, height: int) -> None:
    told = ""
    if width * height > MAX_PIXELS:
        told = _(
            "The image has {width} by {height} pixels, more than {most} million. Please crop it or "
            "make it smaller."
        ).format(width=number(width), height=number(height), most=MAX_PIXELS // 1_000_000)
    elif max(width, height) > MAX_SIDE_PX:
        told = _(
            "The image has {width} by {height} pixels, and no side may have more than {most}. "
            "Please crop it or make it smaller."
        ).format(width=number(width), height=number(height), most=number(MAX_SIDE_PX))
    if told:
        raise BadImage(told)


def _opened(content: bytes) -> "Image.Image":
    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        # Pillow warns about many pixels before it lets us look at how many: our limit is lower.
        warnings.simplefilter("ignore")
        try:
            picture = Image.open(BytesIO(content), formats=FORMATS)
            _check_pixels(*picture.size)
            picture.load()
        except BadImage:
            raise
        except UnidentifiedImageError:
            raise BadImage(_("This is no PNG, JPEG, WebP or GIF image.")) from None
        except Image.DecompressionBombError:
            raise BadImage(_("The image has far too many pixels.")) from None
        except Exception:  # Pillow's decoders raise nearly anything for a damaged file
            raise BadImage(_("The image is damaged. Please save it again and retry.")) from None
    return picture
