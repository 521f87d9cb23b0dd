import type { Link } from './link.ts'
import { putFile } from './put-file.ts'

interface Ticket {
  relativePath: string
  queryParams: { temp_url_sig: string; temp_url_expires: string }
}

/**
 * Stores a file on the server; resolves to the path by which a message names it.
 * @param onProgress is told how much has been sent, from 0 to 1
 */
export async function upload(
  origin: string,
  link: Link,
  file: File,
  onProgress: (part: number) => void,
): Promise<string> {
  const ticket = await link.request<Ticket>('ms.GenerateURLForUploadFile', {
    fileSize: file.size,
    fileType: file.type,
  })
  await putFile(addressOf(origin, ticket), file, onProgress)
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

function addressOf(origin: string, { relativePath, queryParams }: Ticket): string {
  return `${origin}${relativePath}?${new URLSearchParams(queryParams)}`
}
