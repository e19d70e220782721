package audio

import (
	"bytes"
	"encoding/binary"
	"time"
)

// Length returns how long a recording lasts, or 0 when its format does not
// tell: WAV, Ogg (Opus, Vorbis), MP3 and MP4 are known.
func Length(data []byte) time.Duration {
	switch {
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WAVE":
		return wavLength(data)
	case bytes.HasPrefix(data, []byte("OggS")):
		return oggLength(data)
	case len(data) >= 12 && string(data[4:8]) == "ftyp":
		return mp4Length(data)
	case bytes.HasPrefix(data, []byte("ID3")) || len(data) > 4 && data[0] == 0xFF && data[1]&0xE0 == 0xE0:
		return mp3Length(data)
	}
	return 0
}

func seconds(n, rate uint64) time.Duration {
	if rate == 0 || n/rate > 24*3600 {
		return 0
	}
	return time.Duration(n * 1000 / rate * uint64(time.Millisecond))
}

// wavLength goes by the bytes that are there: a file that was written into a
// pipe does not know its own size.
func wavLength(data []byte) time.Duration {
	var perSecond uint32
	for at := 12; at+8 <= len(data); {
		id, size := string(data[at:at+4]), binary.LittleEndian.Uint32(data[at+4:])
		at += 8
		switch {
		case id == "fmt " && at+16 <= len(data):
			perSecond = binary.LittleEndian.Uint32(data[at+8:])
		case id == "data":
			return seconds(min(uint64(size), uint64(len(data)-at)), uint64(perSecond))
		}
		if uint64(size) > uint64(len(data)-at) {
			break
		}
		at += int(size + size&1)
	}
	return 0
}

// oggLength reads the position of the last page.
func oggLength(data []byte) time.Duration {
	head := data[:min(len(data), 200)]
	var rate, skip uint64
	if i := bytes.Index(head, []byte("OpusHead")); i >= 0 && i+12 <= len(head) {
		rate, skip = 48000, uint64(binary.LittleEndian.Uint16(head[i+10:])) // RFC 7845, 5.1
	} else if i := bytes.Index(head, []byte("\x01vorbis")); i >= 0 && i+16 <= len(head) {
		rate = uint64(binary.LittleEndian.Uint32(head[i+12:]))
	}
	i := bytes.LastIndex(data, []byte("OggS"))
	if rate == 0 || i+14 > len(data) {
		return 0
	}
	end := binary.LittleEndian.Uint64(data[i+6:])
	return seconds(end-min(end, skip), rate)
}

// mp4Length reads the movie header.
func mp4Length(data []byte) time.Duration {
	i := bytes.Index(data, []byte("mvhd"))
	if i < 0 || i+32 > len(data) {
		return 0
	}
	box := data[i+4:]
	if box[0] == 1 && len(box) >= 32 { // times of 64 bits
		return seconds(binary.BigEndian.Uint64(box[24:]), uint64(binary.BigEndian.Uint32(box[20:])))
	}
	return seconds(uint64(binary.BigEndian.Uint32(box[16:])), uint64(binary.BigEndian.Uint32(box[12:])))
}

var (
	mp3Rates   = [4]uint64{44100, 48000, 32000, 0}
	mp3BitsV1  = [16]uint64{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}
	mp3BitsV2  = [16]uint64{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}
	mp3Headers = [][]byte{[]byte("Xing"), []byte("Info")}
)

// mp3Length counts the frames that the first one tells of, or goes by the
// bit rate of the first (layer III).
func mp3Length(data []byte) time.Duration {
	at := 0
	if len(data) >= 10 && string(data[:3]) == "ID3" {
		at = 10 + (int(data[6])<<21 | int(data[7])<<14 | int(data[8])<<7 | int(data[9]))
	}
	if at < 0 || at+4 > len(data) || data[at] != 0xFF || data[at+1]&0xE6 != 0xE2 {
		return 0
	}
	version := data[at+1] >> 3 & 3 // 3: MPEG 1; 2: MPEG 2; 0: MPEG 2.5
	rate, bits, samples := mp3Rates[data[at+2]>>2&3], mp3BitsV1[data[at+2]>>4], uint64(1152)
	if version != 3 {
		rate, bits, samples = rate/2, mp3BitsV2[data[at+2]>>4], 576
		if version == 0 {
			rate /= 2
		}
	}
	head := data[at:min(len(data), at+200)]
	for _, name := range mp3Headers {
		if i := bytes.Index(head, name); i >= 0 && i+12 <= len(head) && head[i+7]&1 == 1 {
			return seconds(uint64(binary.BigEndian.Uint32(head[i+8:]))*samples, rate)
		}
	}
	return seconds(uint64(len(data)-at)*8, bits*1000)
}
