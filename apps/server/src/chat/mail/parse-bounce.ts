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

/** Far more than a mail of this server has recipients; what comes after them would only cost time. */
const MAX_BLOCKS = 100

/** As RFC 3464 names them, and RFC 6533 where a report is not ASCII alone. */
const STATUS = ['message/delivery-status', 'message/global-delivery-status']
const RETURNED = [
  'message/rfc822',
  'text/rfc822-headers',
  'message/global',
  'message/global-headers',
]

interface Part {
  mimeType: string
  content: string | ArrayBuffer | Uint8Array
}

/**
 * Reads a delivery status notification (RFC 3464). `undefined` when it is none. Only the header of the returned mail counts:
 * its content may hold text that looks like a header.
 */
export async function parseBounce(raw: string): Promise<Bounce | undefined> {
  const report = await parseMail(raw)
  const type = fieldOf(report?.headers, 'content-type') ?? ''
  if (!report || !/^multipart\/report\b/i.test(type)) return undefined
  const status = contentOf(report.attachments, STATUS)
  const returned = contentOf(report.attachments, RETURNED)
  if (status === undefined || returned === undefined) return undefined
  const messageId = (await parseMail(headerOf(returned)))?.messageId
  if (messageId === undefined) return undefined
  const blocks = status.split(/(?:\r?\n){2,}/, MAX_BLOCKS)
  const recipients = await Promise.all(blocks.map(failedRecipient))
  return { messageId, failed: recipients.flat() }
}

async function parseMail(raw: string) {
  // Loaded with the first bounce: most servers never see one.
  const { default: PostalMime } = await import('postal-mime')
  try {
    return await PostalMime.parse(raw, { forceRfc822Attachments: true, attachmentEncoding: 'utf8' })
  } catch {
    // The parser refuses parts that are nested too deep and headers that are too long.
    return undefined
  }
}

/** Each recipient has a block of fields in the form of a header. */
async function failedRecipient(block: string): Promise<BouncedRecipient[]> {
  const headers = (await parseMail(block))?.headers
  const recipient = fieldOf(headers, 'final-recipient')
  const action = wordOf(fieldOf(headers, 'action'))?.toLowerCase()
  if (recipient === undefined || action !== 'failed') return []
  return [
    {
      recipient: recipient.slice(recipient.indexOf(';') + 1).replaceAll(/^\s*<?|>?\s*$/g, ''),
      status: wordOf(fieldOf(headers, 'status')) ?? '5.0.0',
      diagnostic: fieldOf(headers, 'diagnostic-code') ?? 'no reason given',
    },
  ]
}

function contentOf(parts: readonly Part[], types: readonly string[]): string | undefined {
  const content = parts.find(({ mimeType }) => types.includes(mimeType))?.content
  return typeof content === 'string' ? content : undefined
}

function headerOf(mail: string): string {
  return mail.split(/\r?\n\r?\n/, 1).join('')
}

/** The first field of that name. Folded lines become one. */
function fieldOf(
  headers: readonly { key: string; value: string }[] | undefined,
  name: string,
): string | undefined {
  const value = headers?.find(({ key }) => key === name)?.value
  return value?.replaceAll(/\s+/g, ' ').trim()
}

/** Without the comment that may stand behind it. */
function wordOf(field: string | undefined): string | undefined {
  return /^[^\s(]+/.exec(field ?? '')?.[0]
}
