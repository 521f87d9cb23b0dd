/** A recipient that a mail server could not deliver to. */
export interface BouncedRecipient {
  recipient: string
  status: string
  diagnostic: string
}

export interface Bounce {
  /** Of the mail that came back. */
  messageIds: string[]
  failed: BouncedRecipient[]
}

/** Reads a delivery status notification (RFC 3464). `undefined` when it is none. */
export function parseBounce(raw: string): Bounce | undefined {
  const message = raw.replaceAll(/\r\n?/g, '\n')
  const [head = '', ...rest] = message.split('\n\n')
  const header = unfold(head)
  if (!/^content-type:\s*multipart\/report\b/im.test(header)) return undefined
  const body = unfold(rest.join('\n\n'))
  if (!/^content-type:\s*message\/delivery-status\b/im.test(body)) return undefined
  const messageIds = [...body.matchAll(/^message-id:\s*(<[^<>\s]+>)\s*$/gim)]
  const failed = [...body.matchAll(/^final-recipient:[^;\n]*;\s*(\S+)\s*\n(.*(?:\n.+)*)/gim)]
    .map(([, recipient = '', fields = '']) => ({ recipient, fields }))
    .filter(({ fields }) => /^action:\s*failed\s*$/im.test(fields))
    .map(({ recipient, fields }) => ({
      recipient,
      status: /^status:\s*(\S+)/im.exec(fields)?.[1] ?? '5.0.0',
      diagnostic: /^diagnostic-code:\s*(.*\S)\s*$/im.exec(fields)?.[1] ?? 'no reason given',
    }))
  return { messageIds: messageIds.map(([, id = '']) => id), failed }
}

function unfold(lines: string): string {
  return lines.replaceAll(/\n[ \t]+/g, ' ')
}
