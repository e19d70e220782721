package upload

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	markSOI  = 0xD8
	markEOI  = 0xD9
	markSOS  = 0xDA
	markAPP0 = 0xE0
	markAPP1 = 0xE1
	markAPPF = 0xEF
	markCOM  = 0xFE
)

// cleanJPEG copies a JPEG without Exif, XMP, notes of the camera, comments
// and previews. Which way up a photo is stands in Exif: that one value is
// written again. What comes after the end of the image, such as a film, is
// left out.
func cleanJPEG(w io.Writer, r *bufio.Reader) error {
	if _, err := take(r, 2); err != nil {
		return err
	}
	if _, err := w.Write([]byte{0xFF, markSOI}); err != nil {
		return err
	}
	c := &jpegCleaner{w: w, r: r}
	marker, err := c.next()
	for ; err == nil && marker != markEOI; marker, err = c.next() {
		if err := c.segment(marker); err != nil {
			return err
		}
	}
	switch {
	case err != nil:
		return err
	case !c.sized:
		return ErrDamaged
	}
	_, err = w.Write([]byte{0xFF, markEOI})
	return err
}

type jpegCleaner struct {
	w      io.Writer
	r      *bufio.Reader
	sized  bool // how large it is was said, and is not too large
	turned bool // which way up was said
	ahead  byte // a marker that ended compressed data
}

// segment copies or leaves out what follows a marker.
func (c *jpegCleaner) segment(marker byte) error {
	if marker < 0xC0 || marker >= 0xD0 && marker <= markSOI {
		return ErrDamaged // no segment begins so
	}
	head, err := take(c.r, 2)
	if err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(head))
	if n < 2 {
		return ErrDamaged
	}
	body, err := take(c.r, n-2)
	if err != nil {
		return err
	}
	if err := c.look(marker, body); err != nil || !keptSegment(marker, body) {
		return err
	}
	if _, err := c.w.Write(append([]byte{0xFF, marker, head[0], head[1]}, body...)); err != nil {
		return err
	}
	if marker != markSOS {
		return nil
	}
	if !c.sized {
		return ErrDamaged
	}
	c.ahead, err = copyScan(c.w, c.r)
	return err
}

// look takes the size and which way up from a segment.
func (c *jpegCleaner) look(marker byte, body []byte) error {
	switch {
	case isFrame(marker):
		if len(body) < 6 {
			return ErrDamaged
		}
		// A height of 0 would follow later (DNL): no camera writes it.
		c.sized = true
		return checkSize(uint32(binary.BigEndian.Uint16(body[3:])), uint32(binary.BigEndian.Uint16(body[1:])))
	case marker == markAPP1 && !c.turned:
		if o := orientation(body); o > 1 {
			c.turned = true
			_, err := c.w.Write(uprightSegment(o))
			return err
		}
	}
	return nil
}

// next reads a marker; any number of FF may stand before it.
func (c *jpegCleaner) next() (byte, error) {
	if m := c.ahead; m != 0 {
		c.ahead = 0
		return m, nil
	}
	b, err := c.r.ReadByte()
	if err == nil && b != 0xFF {
		return 0, ErrDamaged
	}
	for err == nil && b == 0xFF {
		b, err = c.r.ReadByte()
	}
	return b, damaged(err)
}

// isFrame reports the markers that say how large the image is.
func isFrame(marker byte) bool {
	return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
}

// keptSegment reports segments that are needed to show the image: of the
// application's own only JFIF, colour profiles and Adobe's colour transform.
func keptSegment(marker byte, body []byte) bool {
	switch {
	case marker == markCOM:
		return false
	case marker == markAPP0:
		return bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) <= 16 // with a preview it is longer
	case marker == 0xE2:
		return bytes.HasPrefix(body, []byte("ICC_PROFILE\x00"))
	case marker == 0xEE:
		return bytes.HasPrefix(body, []byte("Adobe"))
	}
	return marker < markAPP0 || marker > markAPPF
}

// copyScan copies compressed data and returns the marker that ends it.
func copyScan(w io.Writer, r *bufio.Reader) (byte, error) {
	for {
		data, err := r.ReadSlice(0xFF)
		if errors.Is(err, bufio.ErrBufferFull) {
			if _, err := w.Write(data); err != nil {
				return 0, err
			}
			continue
		}
		if err != nil {
			return 0, damaged(err)
		}
		if _, err := w.Write(data[:len(data)-1]); err != nil {
			return 0, err
		}
		next, err := r.ReadByte()
		for err == nil && next == 0xFF { // fill
			next, err = r.ReadByte()
		}
		if err != nil {
			return 0, damaged(err)
		}
		if next != 0 && (next < 0xD0 || next > 0xD7) {
			return next, nil
		}
		if _, err := w.Write([]byte{0xFF, next}); err != nil {
			return 0, err
		}
	}
}

// orientation finds which way up a photo is in its Exif (tag 0x0112); 0 is
// not said.
func orientation(body []byte) uint16 {
	tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	count := int64(order.Uint16(tiff[at:]))
	for i := range count {
		e := at + 2 + 12*i
		if e+12 > int64(len(tiff)) {
			return 0
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			if v := order.Uint16(tiff[e+8:]); v <= 8 {
				return v
			}
			return 0
		}
	}
	return 0
}

// uprightSegment is an Exif that says nothing else.
func uprightSegment(o uint16) []byte {
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	binary.BigEndian.PutUint16(exif[24:], o)
	return append([]byte{0xFF, markAPP1, 0, byte(len(exif) + 2)}, exif...)
}
