package seal

import "strings"

const bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bech32 writes data as BIP 173 does, in capitals, under a prefix: the form
// of an age identity, for which age has a reader but no writer.
func bech32(prefix string, data []byte) string {
	values := fiveBits(data)
	hrp := strings.ToLower(prefix)
	var b strings.Builder
	b.WriteString(hrp + "1")
	for _, v := range append(values, bech32Checksum(hrp, values)...) {
		b.WriteByte(bech32Alphabet[v])
	}
	return strings.ToUpper(b.String())
}

// fiveBits regroups bytes into values of five bits, padded with zeros.
func fiveBits(data []byte) []byte {
	var out []byte
	acc, bits := uint(0), 0
	for _, b := range data {
		acc, bits = acc<<8|uint(b), bits+8
		for ; bits >= 5; bits -= 5 {
			out = append(out, byte(acc>>(bits-5)&31))
		}
	}
	if bits > 0 {
		out = append(out, byte(acc<<(5-bits)&31))
	}
	return out
}

// BIP 173, "Checksum".
func bech32Checksum(hrp string, values []byte) []byte {
	var in []byte
	for _, c := range []byte(hrp) {
		in = append(in, c>>5)
	}
	in = append(in, 0)
	for _, c := range []byte(hrp) {
		in = append(in, c&31)
	}
	in = append(append(in, values...), 0, 0, 0, 0, 0, 0)
	sum := uint32(1)
	for _, v := range in {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	sum ^= 1
	out := make([]byte, 6)
	for i := range out {
		out[i] = byte(sum >> (5 * (5 - i)) & 31)
	}
	return out
}
