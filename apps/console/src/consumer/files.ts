import type { Link } from './link.ts'

interface Ticket {
  relativePath: string
  queryParams: { temp_url_sig: string; temp_url_expires: string }
}

function addressOf(origin: string, { relativePath, queryParams }: Ticket): string {
  return `${origin}${relativePath}?${new URLSearchParams(queryParams)}`
}

/** Stores a file on the server; resolves to the path by which a message names it. */
export async function upload(origin: string, link: Link, file: File): Promise<string> {
  const ticket = await link.request<Ticket>('ms.GenerateURLForUploadFile', {
    fileSize: file.size,
    fileType: file.type,
  })
  const response = await fetch(addressOf(origin, ticket), { method: 'PUT', body: file })
  if (!response.ok) throw new Error(`"${file.name}" was not accepted: ${await response.text()}`)
  return ticket.relativePath
}

/** An address that is good for a minute. */
export async function downloadAddress(
  origin: string,
  link: Link,
  relativePath: string,
): Promise<string> {
  const ticket = await link.request<Ticket>('ms.GenerateURLForDownloadFile', { relativePath })
  return addressOf(origin, ticket)
}
