import crypto from 'node:crypto'
import type { HttpOptions, MultipartPart } from './http-options.ts'
import { encodeReserved, FORM, isForm, toQuery } from './http-query.ts'

/** The bytes of a request's body; sets the headers that its kind implies. */
export function encodeBody(
  options: HttpOptions,
  headers: Record<string, string>,
): Buffer | undefined {
  const { json } = options
  if (json) headers['accept'] ??= 'application/json'
  if (options.formData) return multipart(options.formData, headers)
  if (options.multipart) return related(options.multipart, headers)
  const { form } = options
  if (form) {
    if (!isForm(headers)) headers['content-type'] = FORM
    return Buffer.from(typeof form === 'string' ? encodeReserved(form) : toQuery(form, options))
  }
  if (json) {
    const value = json === true ? options.body : json
    if (value === undefined) return undefined
    headers['content-type'] ??= 'application/json'
    const isWritten = typeof value === 'string' && isForm(headers)
    if (json === true && isWritten) return Buffer.from(value)
    return Buffer.from(JSON.stringify(value, options.jsonReplacer))
  }
  const { body } = options
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return Buffer.from(body)
  if (Array.isArray(body)) return Buffer.concat(body.map((part) => Buffer.from(part as string)))
  throw new Error('Argument error, options.body.')
}

/** Headers of the parts are the function's own, beside the content. */
function related(
  given: NonNullable<HttpOptions['multipart']>,
  headers: Record<string, string>,
): Buffer {
  const boundary = headers['content-type']?.match(/boundary="?([^";]+)/)?.[1] ?? crypto.randomUUID()
  if (!headers['content-type']?.includes('multipart')) {
    headers['content-type'] = `multipart/related; boundary=${boundary}`
  } else if (!headers['content-type'].includes('boundary=')) {
    headers['content-type'] += `; boundary=${boundary}`
  }
  const parts: MultipartPart[] = Array.isArray(given) ? given : given.data
  const bytes = parts.flatMap(({ body, ...own }) => {
    const lines = Object.entries(own).map(([name, value]) => `${name}: ${String(value)}\r\n`)
    const head = `--${boundary}\r\n${lines.join('')}\r\n`
    return [Buffer.from(head), bytesOf('multipart', body), Buffer.from('\r\n')]
  })
  return Buffer.concat([...bytes, Buffer.from(`--${boundary}--`)])
}

function multipart(fields: Record<string, unknown>, headers: Record<string, string>): Buffer {
  const boundary = `----parley${crypto.randomUUID().replaceAll('-', '')}`
  headers['content-type'] = `multipart/form-data; boundary=${boundary}`
  const parts = Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item) => onePart(boundary, name, item)),
  )
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
}

function onePart(boundary: string, name: string, field: unknown): Buffer {
  const isFile = typeof field === 'object' && field !== null && 'value' in field
  const { value, options = {} } = (isFile ? field : { value: field }) as {
    value: unknown
    options?: { filename?: string; contentType?: string }
  }
  const { filename } = options
  const contentType = options.contentType ?? typeOf(filename, value)
  const disposition = `form-data; name="${name}"${filename ? `; filename="${filename}"` : ''}`
  const type = contentType ? `\r\nContent-Type: ${contentType}` : ''
  const head = `--${boundary}\r\nContent-Disposition: ${disposition}${type}\r\n\r\n`
  const content = bytesOf(`formData.${name}`, value)
  return Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n')])
}

/** @throws what would be sent as `[object Object]`, such as a stream */
function bytesOf(what: string, value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (typeof value === 'string') return Buffer.from(value)
  if (typeof value === 'number' || typeof value === 'boolean') return Buffer.from(String(value))
  throw new Error(`Argument error, options.${what}: it must be a text, a number or bytes`)
}

/** By the ending of a file's name, as servers check what is uploaded. */
const TYPES: Record<string, string> = {
  csv: 'text/csv',
  gif: 'image/gif',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  webp: 'image/webp',
  xml: 'application/xml',
  zip: 'application/zip',
}

function typeOf(filename: string | undefined, value: unknown): string | undefined {
  const ending = filename?.split('.').at(-1)?.toLowerCase() ?? ''
  if (Object.hasOwn(TYPES, ending)) return TYPES[ending]
  const isFile = filename !== undefined || value instanceof Uint8Array
  return isFile ? 'application/octet-stream' : undefined
}
