package upload

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// Whoever opens an image unpacks it: 4 bytes for each pixel.
const (
	maxPixels = 150_000_000 // telephones take photos of 108 million
	maxSide   = 32_767
)

func checkSize(width, height uint32) error {
	switch {
	case width == 0 || height == 0:
		return ErrDamaged
	case width > maxSide || height > maxSide || uint64(width)*uint64(height) > maxPixels:
		return ErrPixels
	}
	return nil
}

// damaged turns a file that ends too soon into one that is damaged.
func damaged(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrDamaged
	}
	return err
}

// take reads n bytes that are kept in memory.
func take(r io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(r, b)
	return b, damaged(err)
}

// pass copies n bytes.
func pass(w io.Writer, r io.Reader, n int64) error {
	_, err := io.CopyN(w, r, n)
	return damaged(err)
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngKept are the chunks that show the image (PNG 3, 11); all others are
// texts, times, Exif and the like.
var pngKept = map[string]bool{"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "cHRM": true, "gAMA": true,
	"iCCP": true, "sBIT": true, "sRGB": true, "cICP": true, "bKGD": true, "pHYs": true}

// cleanPNG copies a PNG without its texts and Exif. What comes after the end
// of the image is left out.
func cleanPNG(w io.Writer, r *bufio.Reader) error {
	if err := pass(w, r, int64(len(pngSignature))); err != nil {
		return err
	}
	for first := true; ; first = false {
		head, err := take(r, 8)
		if err != nil {
			return err
		}
		n, typ := binary.BigEndian.Uint32(head), string(head[4:])
		if n > 1<<31-1 || first != (typ == "IHDR") || typ == "IHDR" && n != 13 {
			return ErrDamaged
		}
		to := w
		if !pngKept[typ] {
			to = io.Discard
		}
		if _, err := to.Write(head); err != nil {
			return err
		}
		sum := crc32.NewIEEE()
		sum.Write(head[4:])
		var dims bytes.Buffer
		into := io.MultiWriter(to, sum)
		if first {
			into = io.MultiWriter(&dims, sum) // written once it is known to be of a good size
		}
		if err := pass(into, r, int64(n)); err != nil {
			return err
		}
		if first {
			if err := checkSize(binary.BigEndian.Uint32(dims.Bytes()), binary.BigEndian.Uint32(dims.Bytes()[4:])); err != nil {
				return err
			}
			if _, err := to.Write(dims.Bytes()); err != nil {
				return err
			}
		}
		crc, err := take(r, 4)
		if err != nil {
			return err
		}
		if binary.BigEndian.Uint32(crc) != sum.Sum32() {
			return ErrDamaged
		}
		if _, err := to.Write(crc); err != nil {
			return err
		}
		if typ == "IEND" {
			return nil
		}
	}
}

// cleanWebP copies a WebP (RFC 9649) without Exif and XMP. Their chunks stay
// as empty ones of no known kind, which readers pass over: the length of the
// whole stands at the beginning and is not known otherwise.
func cleanWebP(w io.Writer, r *bufio.Reader) error {
	head, err := take(r, 12)
	if err != nil {
		return err
	}
	left := int64(binary.LittleEndian.Uint32(head[4:])) - 4
	if left < 8 {
		return ErrDamaged
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	for sized := false; left > 0; {
		head, err := take(r, 8)
		if err != nil {
			return err
		}
		n := int64(binary.LittleEndian.Uint32(head[4:]))
		n += n & 1
		if left -= 8 + n; left < 0 {
			return ErrDamaged
		}
		switch typ := string(head[:4]); typ {
		case "VP8X", "VP8 ", "VP8L":
			if !sized {
				if err := webpStart(w, r, head, n); err != nil {
					return err
				}
				sized = true
				continue
			}
		case "ALPH", "ANIM", "ANMF", "ICCP":
		default:
			copy(head, "JUNK")
			if _, err := w.Write(head); err != nil {
				return err
			}
			if err := pass(io.Discard, r, n); err != nil {
				return err
			}
			if err := pass(w, zeros{}, n); err != nil {
				return err
			}
			continue
		}
		if !sized {
			return ErrDamaged
		}
		if _, err := w.Write(head); err != nil {
			return err
		}
		if err := pass(w, r, n); err != nil {
			return err
		}
	}
	return nil
}

// webpStart copies the first chunk, which says how large the image is.
func webpStart(w io.Writer, r io.Reader, head []byte, n int64) error {
	if n < 10 {
		return ErrDamaged
	}
	b, err := take(r, 10)
	if err != nil {
		return err
	}
	var width, height uint32
	switch string(head[:4]) {
	case "VP8X":
		b[0] &^= 0x08 | 0x04 // no Exif, no XMP
		width = 1 + (uint32(b[4]) | uint32(b[5])<<8 | uint32(b[6])<<16)
		height = 1 + (uint32(b[7]) | uint32(b[8])<<8 | uint32(b[9])<<16)
	case "VP8 ":
		if !bytes.Equal(b[3:6], []byte{0x9D, 0x01, 0x2A}) {
			return ErrDamaged
		}
		width = uint32(binary.LittleEndian.Uint16(b[6:])) & 0x3FFF
		height = uint32(binary.LittleEndian.Uint16(b[8:])) & 0x3FFF
	case "VP8L":
		if b[0] != 0x2F {
			return ErrDamaged
		}
		bits := binary.LittleEndian.Uint32(b[1:])
		width, height = 1+bits&0x3FFF, 1+bits>>14&0x3FFF
	}
	if err := checkSize(width, height); err != nil {
		return err
	}
	if _, err := w.Write(append(head, b...)); err != nil {
		return err
	}
	return pass(w, r, n-10)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
