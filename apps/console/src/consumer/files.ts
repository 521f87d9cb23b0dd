import type { Link } from './link.ts'
import { words } from './words/index.ts'

/** What the server takes. */
export const FILE_TYPES = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
]

interface Ticket {
  relativePath: string
  queryParams: { temp_url_sig: string; temp_url_expires: string }
}

/** Why a file cannot be sent; `undefined` when it can. */
export function problemOf(file: File, maxBytes: number): string | undefined {
  if (!FILE_TYPES.includes(file.type)) return words.fileType
  return file.size > maxBytes ? words.fileTooLarge((maxBytes / 1048576).toFixed(0)) : undefined
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
  await put(addressOf(origin, ticket), file, onProgress)
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

/** Not `fetch`: that does not say how much has been sent. */
function put(address: string, file: File, onProgress: (part: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', address)
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total)
    request.onload = () =>
      request.status < 300 ? resolve() : reject(new Error(request.responseText))
    request.onerror = () => reject(new Error(words.failed))
    request.send(file)
  })
}
