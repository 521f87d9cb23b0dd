import { invalid, ParleyError } from '#base/kernel'
import type { MailDeps } from './deps.ts'
import { changeMail } from './hold-mail.ts'
import { findMail } from './repository.ts'
import type { StoredMail } from './mail-state.ts'
import { mailIdOf } from './message-id.ts'
import { parseBounce } from './parse-bounce.ts'
import { withAttempt } from './record-attempt.ts'

/** Marks the mail that a returned notification names. The same notification a second time changes nothing. */
export async function reportBounce(
  deps: MailDeps,
  accountId: string,
  message: string,
): Promise<StoredMail> {
  const bounce = await parseBounce(message)
  const [failure] = bounce?.failed ?? []
  if (!bounce || !failure) {
    throw invalid('body.message', 'must be a notification of a failed delivery')
  }
  const mailId = mailIdOf(bounce.messageId)
  const found = mailId && (await findMail(deps.store.db, accountId, mailId))
  if (!found || found.mail.messageId !== bounce.messageId) {
    throw new ParleyError('mail_not_found', `No mail "${bounce.messageId}" in this account`)
  }
  const answer = `${failure.status} ${failure.recipient}: ${failure.diagnostic}`
  return await changeMail(deps, accountId, found.mail.mailId, (mail) => {
    if (mail.state !== 'sent') return { mail }
    const at = deps.clock.now()
    const attempts = withAttempt(mail, { at, outcome: 'bounced', answer })
    return { mail: { ...mail, state: 'bounced', updatedAt: at, attempts } }
  })
}
