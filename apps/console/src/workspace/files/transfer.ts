/** How the desk asks the server; rejects when it refuses, or when the line drops. */
export type Ask = <Body>(type: string, body: unknown) => Promise<Body>

interface Ticket {
  relativePath: string
  queryParams: { temp_url_sig: string; temp_url_expires: string }
}

/** What the server takes. */
export const FILE_TYPES = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
]

/** An address that is good for a minute. */
export async function downloadAddress(ask: Ask, relativePath: string): Promise<string> {
  return addressOf(await ask<Ticket>('.ams.ms.GenerateURLForDownloadFile', { relativePath }))
}

/**
 * Stores a file on the server; resolves to the path by which a message names it.
 * @throws {Error} with the words of the server when it does not take the file
 */
export async function upload(ask: Ask, file: File): Promise<string> {
  const ticket = await ask<Ticket>('.ams.ms.GenerateURLForUploadFile', {
    fileSize: file.size,
    fileType: file.type,
  })
  const response = await fetch(addressOf(ticket), { method: 'PUT', body: file })
  if (!response.ok) throw new Error(problemIn(await response.text()))
  return ticket.relativePath
}

/** The words of an error, where they come in JSON. */
function problemIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } }
    return error?.message ?? text
  } catch {
    // They are the text itself.
    return text
  }
}

function addressOf({ relativePath, queryParams }: Ticket): string {
  return `${relativePath}?${new URLSearchParams(queryParams)}`
}
