import { putFile } from '../../consumer/put-file.ts'

/** How the desk asks the server; rejects when it refuses, or when the line drops. */
export type Ask = <Body>(type: string, body: unknown) => Promise<Body>

interface Ticket {
  relativePath: string
  queryParams: { temp_url_sig: string; temp_url_expires: string }
}

/** An address that is good for a minute. */
export async function downloadAddress(ask: Ask, relativePath: string): Promise<string> {
  return addressOf(await ask<Ticket>('.ams.ms.GenerateURLForDownloadFile', { relativePath }))
}

/**
 * Stores a file on the server; resolves to the path by which a message names it.
 * @param onProgress is told how much has been sent, from 0 to 1
 * @throws {Error} with the words of the server when it does not take the file
 */
export async function upload(
  ask: Ask,
  file: File,
  onProgress: (part: number) => void,
): Promise<string> {
  const ticket = await ask<Ticket>('.ams.ms.GenerateURLForUploadFile', {
    fileSize: file.size,
    fileType: file.type,
  })
  await putFile(addressOf(ticket), file, onProgress)
  return ticket.relativePath
}

function addressOf({ relativePath, queryParams }: Ticket): string {
  return `${relativePath}?${new URLSearchParams(queryParams)}`
}
