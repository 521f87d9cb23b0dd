import crypto from 'node:crypto'
import { type HttpOptions, toQuery } from './http-options.ts'

const FORM = 'application/x-www-form-urlencoded'

/** The bytes of a request's body; sets the headers that its kind implies. */
export function encodeBody(
  options: HttpOptions,
  headers: Record<string, string>,
): Buffer | undefined {
  const { json } = options
  const isJson = json !== undefined && json !== false
  if (isJson) headers['accept'] ??= 'application/json'
  if (options.formData) return multipart(options.formData, headers)
  if (options.form !== undefined) {
    headers['content-type'] = FORM
    const { form } = options
    return Buffer.from(typeof form === 'string' ? form : toQuery(form))
  }
  if (isJson) {
    const value = json === true ? options.body : json
    if (value === undefined) return undefined
    headers['content-type'] ??= 'application/json'
    const isWritten = typeof value === 'string' && headers['content-type'].startsWith(FORM)
    if (json === true && isWritten) return Buffer.from(value)
    return Buffer.from(JSON.stringify(value))
  }
  const { body } = options
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return Buffer.from(body)
  if (Array.isArray(body)) return Buffer.concat(body.map((part) => Buffer.from(part as string)))
  throw new Error('Argument error, options.body.')
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
  const { contentType, filename } = options
  const disposition = `form-data; name="${name}"${filename ? `; filename="${filename}"` : ''}`
  const type = contentType ? `\r\nContent-Type: ${contentType}` : ''
  const head = `--${boundary}\r\nContent-Disposition: ${disposition}${type}\r\n\r\n`
  const content = value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value))
  return Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n')])
}
