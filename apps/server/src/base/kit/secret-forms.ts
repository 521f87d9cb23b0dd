/** A text as it stands in logs, JSON, base64 and URLs. Every form has at least as many characters as the text. */
export function formsOf(text: string): string[] {
  const inside = base64Forms(Buffer.from(text))
  const plain = [text, text.toLowerCase(), JSON.stringify(text).slice(1, -1), ...inside]
  return [...new Set([...plain, ...plain.flatMap((form) => urlForms(form))])]
}

/** As base64 of the text alone, and as it stands inside the base64 of a longer text, which may begin at any of three places. */
function base64Forms(bytes: Buffer): string[] {
  const whole = bytes.toString('base64')
  const inner = [0, 1, 2].map((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes])
    // Characters at both ends also depend on the neighbours.
    const first = Math.ceil((before * 8) / 6)
    const end = Math.floor((shifted.length * 8) / 6)
    return shifted.toString('base64').slice(first, end)
  })
  const standard = [whole, ...inner]
  return [...standard, ...standard.map(toUrlAlphabet)]
}

function toUrlAlphabet(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_')
}

/** As a part of a URL and in a form, with small and with capital hexadecimal digits. */
function urlForms(text: string): string[] {
  const encoded = encodeURIComponent(text.toWellFormed())
  const strict = encoded.replaceAll(/[!'()*]/g, (sign) => `%${hexOf(sign)}`)
  const forms = [encoded, strict].flatMap((form) => [form, form.replaceAll('%20', '+')])
  return forms.flatMap((form) => [form, form.replaceAll(/%../g, (hex) => hex.toLowerCase())])
}

function hexOf(sign: string): string {
  return sign.charCodeAt(0).toString(16).toUpperCase()
}
