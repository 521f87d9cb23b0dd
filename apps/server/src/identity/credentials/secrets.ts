import type { CredentialsDeps } from './deps.ts'

/** Encrypts for the database. `context` says what the text is; `open` needs the same. */
export function seal(
  { box }: CredentialsDeps,
  accountId: string,
  context: string,
  text: string,
): string {
  return box.seal(text, `${accountId} ${context}`)
}

/** @throws an `Error` when the text was sealed with another key, for another account or another context */
export function open(
  { box }: CredentialsDeps,
  accountId: string,
  context: string,
  sealed: string,
): string {
  return box.open(sealed, `${accountId} ${context}`)
}
