import { ParleyError } from '#base/kernel'

/** What may be sent, by the names that clients give: a short name, an extension or a media type. */
const TYPES = new Map(
  Object.entries({
    jpeg: { mediaType: 'image/jpeg', extension: 'jpeg' },
    jpg: { mediaType: 'image/jpeg', extension: 'jpg' },
    png: { mediaType: 'image/png', extension: 'png' },
    gif: { mediaType: 'image/gif', extension: 'gif' },
    webp: { mediaType: 'image/webp', extension: 'webp' },
    pdf: { mediaType: 'application/pdf', extension: 'pdf' },
    txt: { mediaType: 'text/plain', extension: 'txt' },
    text: { mediaType: 'text/plain', extension: 'txt' },
  }),
)

export function fileType(name: string): { mediaType: string; extension: string } {
  const short = name.toLowerCase().split(';', 1)[0]?.trim() ?? ''
  const known = TYPES.get(short) ?? [...TYPES.values()].find(({ mediaType }) => mediaType === short)
  if (!known) {
    throw new ParleyError('invalid_request', `Files of type "${name}" cannot be sent`)
  }
  return known
}
