import { Button } from '../ui/button.tsx'
import type { ChatContext } from './chat-context.ts'
import type { MailLine } from './chat-timeline.ts'
import { chatWords as t } from './chat-words.ts'
import { LeftOutList } from './left-out.tsx'
import { MailStateChip } from './mail-details.tsx'
import { RunCommands } from './run-commands.tsx'
import type { RunLine } from './timeline.ts'
import { TRANSCRIPT_EVENT } from './transcript-event.ts'

/** What became of what a function returned for the transcript of a chat: its mails, and what is no mail. */
export function ReturnedMails({ run, lines, reveal }: ChatContext & { run: RunLine }) {
  if (run.last.eventId !== TRANSCRIPT_EVENT) return <RunCommands run={run.last} />
  const mails = lines.filter(
    (line): line is MailLine => line.kind === 'mail' && line.run?.key === run.key,
  )
  const decision = lines.flatMap((line) =>
    line.kind === 'change' && line.change.type === 'decision' ? [line.change.decision] : [],
  )[0]
  const isIts = (recordId: string | undefined) =>
    recordId === undefined || run.attempts.some((attempt) => attempt.recordId === recordId)
  const leftOut = decision?.leftOut.filter(({ recordId }) => isIts(recordId)) ?? []
  return (
    <>
      <h3>{t.returned}</h3>
      {mails.length === 0 && <p className="faint">{t.returnedNothing}</p>}
      <ul className="bare-list">
        {mails.map(({ key, mail }) => (
          <li key={key}>
            <Button kind="quiet" onPress={() => reveal(key)}>
              <bdi>{t.mail(mail.targetEmail)}</bdi>
            </Button>{' '}
            <MailStateChip state={mail.state} />
          </li>
        ))}
      </ul>
      <LeftOutList leftOut={leftOut} more={decision?.moreLeftOut ?? 0} />
    </>
  )
}
