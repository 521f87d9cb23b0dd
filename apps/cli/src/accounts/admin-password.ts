import { randomBytes } from 'node:crypto'

/** For the help of commands that give an administrator a password. */
export const PASSWORD_HELP =
  'The administrator gets the password in PARLEY_ADMIN_PASSWORD; otherwise one is generated and shown once.'

/**
 * Gives an administrator the password of the environment, or a new one.
 * @param unanswered what may have happened where no answer comes
 * @returns the answer, and what is shown of the password
 */
export async function withAdminPassword<Answer>(
  give: (password: string) => Promise<Answer>,
  unanswered: (password: string) => string,
): Promise<{ answer: Answer; shown: string }> {
  const given = process.env['PARLEY_ADMIN_PASSWORD']
  // Made here, so that it is not lost where the answer is.
  const password = given || randomBytes(12).toString('base64url')
  const answer = await give(password).catch((cause: unknown) => {
    if (!(cause instanceof TypeError) || given) throw cause
    throw new Error(`No answer (${cause.message}). ${unanswered(password)}`, { cause })
  })
  return { answer, shown: given ? 'that of PARLEY_ADMIN_PASSWORD' : password }
}
