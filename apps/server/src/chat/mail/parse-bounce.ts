/** A recipient that a mail server could not deliver to. */
export interface BouncedRecipient {
  recipient: string
  status: string
  diagnostic: string
}

export interface Bounce {
  /** Of the mail that came back. */
  messageId: string
  failed: BouncedRecipient[]
}

interface Part {
  header: string
  content: string
}

/**
 * Reads a delivery status notification (RFC 3464). `undefined` when it is none. The returned mail's content is not looked
 * at: somebody may have written what looks like a header there.
 */
export function parseBounce(raw: string): Bounce | undefined {
  const { header, content } = splitHeader(raw.replaceAll(/\r\n?/g, '\n'))
  const type = fieldOf(header, 'content-type') ?? ''
  const boundary = /\bboundary="?([^";\s]+)"?/i.exec(type)?.[1]
  if (!/^multipart\/report\b/i.test(type) || boundary === undefined) return undefined
  const parts = content
    .split(`--${boundary}`)
    .slice(1)
    .map((part) => splitHeader(part.trimStart()))
  const status = findPart(parts, /^message\/delivery-status\b/i)
  const returned = findPart(parts, /^(message\/rfc822|text\/rfc822-headers)\b/i)
  if (!status || !returned) return undefined
  const messageId = fieldOf(splitHeader(returned.content).header, 'message-id')
  if (messageId === undefined) return undefined
  const recipients = status.content.split(/\n{2,}/).map((block) => unfold(block))
  return { messageId, failed: recipients.flatMap(failedRecipient) }
}

function failedRecipient(fields: string): BouncedRecipient[] {
  const recipient = fieldOf(fields, 'final-recipient')
  if (recipient === undefined || fieldOf(fields, 'action')?.toLowerCase() !== 'failed') return []
  return [
    {
      recipient: recipient.slice(recipient.indexOf(';') + 1).trim(),
      status: fieldOf(fields, 'status') ?? '5.0.0',
      diagnostic: fieldOf(fields, 'diagnostic-code') ?? 'no reason given',
    },
  ]
}

function findPart(parts: readonly Part[], type: RegExp): Part | undefined {
  return parts.find(({ header }) => type.test(fieldOf(header, 'content-type') ?? ''))
}

function splitHeader(text: string): Part {
  const end = text.indexOf('\n\n')
  if (end === -1) return { header: unfold(text), content: '' }
  return { header: unfold(text.slice(0, end)), content: text.slice(end + 2) }
}

/** The value of a header field; `lines` are unfolded. */
function fieldOf(lines: string, name: string): string | undefined {
  const line = lines.split('\n').find((one) => one.toLowerCase().startsWith(`${name}:`))
  return line?.slice(name.length + 1).trim()
}

function unfold(lines: string): string {
  return lines.replaceAll(/\n[ \t]+/g, ' ')
}
