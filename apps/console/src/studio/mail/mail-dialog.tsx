import { getMail, holdMail, sendMail } from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { ReadingDialog } from '../ui/reading-dialog.tsx'
import { Due, Instant } from '../ui/time.tsx'
import { MailChip } from './mail-chip.tsx'
import { mayBeHeld } from './path.ts'
import { mailWords as t } from './words.ts'

interface Props {
  accountId: string
  mailId: string
  onChanged: (done: string) => void
  onClose: () => void
}

const VIEWS = ['html', 'text', 'headers', 'attempts'] as const

/** One mail as its receiver gets it, with every attempt; it is sent again, or held. */
export function MailDialog({ accountId, mailId, onChanged, onClose }: Props) {
  const mayManage = useMay(accountId, 'delivery:manage')
  const client = useQueryClient()
  const [view, setView] = useState<(typeof VIEWS)[number]>('html')
  const [said, setSaid] = useState('')
  const key = ['mail', accountId, mailId]
  const query = useQuery({
    queryKey: key,
    queryFn: () => ask(accountId, getMail, { params: { mailId } }),
  })
  const act = useMutation({
    mutationFn: (what: 'send' | 'hold') =>
      ask(accountId, what === 'send' ? sendMail : holdMail, { params: { mailId } }),
    onMutate: () => setSaid(''),
    onSuccess: (_, what) => {
      const done = what === 'send' ? t.queued : t.isHeld
      setSaid(done)
      onChanged(done)
      void client.invalidateQueries({ queryKey: key })
    },
  })
  return (
    <ReadingDialog title={query.data?.subject ?? t.mail} onClose={onClose}>
      <Loaded query={query}>
        {({ mail, html, text, source }) => (
          <>
            <div className="filters">
              <MailChip state={mail.state} />
              {mail.heldBecause !== undefined && (
                <span className="faint">
                  <bdi>{mail.heldBecause}</bdi>
                </span>
              )}
              {mail.nextAttemptAt !== undefined && (
                <span className="faint">
                  {t.next} <Due at={mail.nextAttemptAt} />
                </span>
              )}
              <Choice
                label={t.show}
                value={view}
                options={VIEWS.map((id) => ({ id, name: t.parts[id] }))}
                onChange={(id) => setView(VIEWS.find((known) => known === id) ?? 'html')}
              />
              {mayManage && (
                <>
                  <Button isPending={act.isPending} onPress={() => act.mutate('send')}>
                    {mail.tries === 0 ? t.sendNow : t.sendAgain}
                  </Button>
                  {mayBeHeld(mail.state) && (
                    <Button isPending={act.isPending} onPress={() => act.mutate('hold')}>
                      {t.hold}
                    </Button>
                  )}
                </>
              )}
            </div>
            <p role="status">{said}</p>
            {act.error && <ErrorNotice error={act.error} />}
            {view === 'html' &&
              (html === '' ? (
                <p className="faint">{t.erased}</p>
              ) : (
                // Without scripts, and without any origin: a mail is written by strangers.
                <iframe className="mail-frame" title={t.parts.html} sandbox="" srcDoc={html} />
              ))}
            {view === 'text' && (
              <pre className="mail-text" tabIndex={0} aria-label={t.parts.text}>
                {text}
              </pre>
            )}
            {view === 'headers' && (
              <>
                <Facts
                  facts={[
                    [t.from, <bdi key="from">{`${mail.senderName} <${mail.senderEmail}>`}</bdi>],
                    [t.to, <bdi key="to">{mail.targetEmail}</bdi>],
                    [t.subject, <bdi key="subject">{mail.subject}</bdi>],
                    ['Message-ID', <code key="id">{mail.messageId}</code>],
                    [t.source, <bdi key="source">{mail.source}</bdi>],
                    [t.chat, mail.chatId && <code key="chat">{mail.chatId}</code>],
                    [t.made, <Instant key="made" at={mail.createdAt} />],
                  ]}
                />
                {source !== undefined && (
                  <pre className="mail-text" tabIndex={0} aria-label={t.raw}>
                    {source}
                  </pre>
                )}
              </>
            )}
            {view === 'attempts' &&
              (mail.attempts.length === 0 ? (
                <p className="faint">{t.notTried}</p>
              ) : (
                <PlainTable
                  label={t.parts.attempts}
                  rows={mail.attempts.toReversed()}
                  keyOf={({ at }, index) => `${at} ${index}`}
                  columns={[
                    { head: t.when, cell: ({ at }) => <Instant at={at} /> },
                    { head: t.state, cell: ({ outcome }) => <MailChip state={outcome} /> },
                    { head: t.answer, cell: ({ answer }) => <bdi>{answer}</bdi> },
                  ]}
                />
              ))}
          </>
        )}
      </Loaded>
    </ReadingDialog>
  )
}
