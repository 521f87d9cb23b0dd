import { isBusy } from './retrying.ts'

/** How often a file is sent in vain before somebody is asked. */
export const MAX_CUTS = 3

/** The bytes did not get through, or the server had no time for them. */
export class UploadCutError extends Error {
  override name = 'UploadCutError'
}

/**
 * Stores a file at an address. Not by `fetch`: that does not say how much has been sent.
 * @param onProgress is told how much has been sent, from 0 to 1
 * @throws {UploadCutError}
 * @throws {Error} with the words of the server when it does not take the file
 */
export function putFile(
  address: string,
  file: File,
  onProgress: (part: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', address)
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total)
    request.onload = () => {
      const { status, responseText } = request
      if (status < 300) resolve()
      else reject(isBusy(status) ? new UploadCutError() : new Error(problemIn(responseText)))
    }
    request.onerror = () => reject(new UploadCutError())
    request.send(file)
  })
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
