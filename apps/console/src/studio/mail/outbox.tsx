import { countMails, listMails, sendMails } from '@parley/contract'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Filter } from '../ui/filter.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Listed } from '../ui/listed.tsx'
import { Ago, Due } from '../ui/time.tsx'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { MailChip } from './mail-chip.tsx'
import { MailDialog } from './mail-dialog.tsx'
import { MAIL_PATH, STATE_ORDER } from './path.ts'
import { mailWords as t } from './words.ts'

const PAGE = 50

/** All mails of transcripts with what has become of them. */
export function Outbox({ accountId }: { accountId: string }) {
  const { state, mail } = useSearch({ from: MAIL_PATH })
  const navigate = useNavigate({ from: MAIL_PATH })
  const mayManage = useMay(accountId, 'delivery:manage')
  const client = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const [said, setSaid] = useState('')
  const counts = useQuery({
    queryKey: ['mail-counts', accountId],
    queryFn: () => ask(accountId, countMails),
  })
  const query = useInfiniteQuery({
    queryKey: ['mails', accountId, state],
    queryFn: ({ pageParam }) =>
      ask(accountId, listMails, { query: { state, after: pageParam, limit: PAGE } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  })
  const all = useMutation({
    mutationFn: (wanted: NonNullable<typeof state>) =>
      ask(accountId, sendMails, { body: { state: wanted } }),
    onSuccess: ({ queued, more }) => {
      setSaid(t.queuedAll(queued, more))
      fresh()
    },
  })
  function fresh(): void {
    void client.invalidateQueries({ queryKey: ['mails', accountId] })
    void client.invalidateQueries({ queryKey: ['mail-counts', accountId] })
  }
  const ofState = state === undefined ? 0 : (counts.data?.states[state] ?? 0)
  return (
    <section className="stack" aria-label={t.views.outbox}>
      {counts.data && !counts.data.mailServer && <p className="notice">{t.noServer}</p>}
      <div className="filters">
        <Filter
          label={t.state}
          value={state}
          options={STATE_ORDER.map((id) => ({
            id,
            name: counts.data ? t.counted(t.states[id], counts.data.states[id] ?? 0) : t.states[id],
          }))}
          onChange={(id) => void navigate({ search: { state: id }, replace: true })}
        />
        {mayManage && state !== undefined && state !== 'sent' && ofState > 0 && (
          <Button onPress={() => setAsking(true)}>{t.sendAll(t.states[state], ofState)}</Button>
        )}
      </div>
      <UnlessUnread query={counts}>{null}</UnlessUnread>
      <p role="status">{said}</p>
      <Listed
        label={t.views.outbox}
        query={query}
        rowsOf={({ pages }) => pages.flatMap(({ mails }) => mails)}
        keyOf={({ mailId }) => mailId}
        empty={<Empty text={state === undefined ? t.none : t.noneSuch} />}
        columns={[
          {
            head: t.subject,
            cell: ({ mailId, subject }) => (
              <Button
                kind="quiet"
                className="link"
                aria-label={t.open(subject)}
                onPress={() =>
                  void navigate({ search: (old) => ({ ...old, mail: mailId }), replace: true })
                }
              >
                <bdi>{subject}</bdi>
              </Button>
            ),
          },
          { head: t.to, cell: ({ targetEmail }) => <bdi>{targetEmail}</bdi> },
          { head: t.state, cell: (one) => <MailChip state={one.state} /> },
          { head: t.source, cell: ({ source }) => <bdi className="cut">{source}</bdi> },
          { head: t.made, cell: ({ createdAt }) => <Ago at={createdAt} /> },
          {
            head: t.tries,
            cell: ({ tries, nextAttemptAt }) => (
              <>
                {tries}
                {nextAttemptAt !== undefined && (
                  <span className="faint line">
                    {t.next} <Due at={nextAttemptAt} />
                  </span>
                )}
              </>
            ),
          },
        ]}
      />
      {mail !== undefined && (
        <MailDialog
          accountId={accountId}
          mailId={mail}
          onChanged={(done) => {
            setSaid(done)
            fresh()
          }}
          onClose={() => void navigate({ search: { state }, replace: true })}
        />
      )}
      {isAsking && state !== undefined && (
        <FormDialog
          title={t.sendAll(t.states[state], ofState)}
          submit={t.send}
          isQuestion
          error={all.error}
          isPending={all.isPending}
          onSubmit={() => all.mutate(state, { onSuccess: () => setAsking(false) })}
          onClose={() => {
            all.reset()
            setAsking(false)
          }}
        >
          <p>{t.sendAllText}</p>
        </FormDialog>
      )}
    </section>
  )
}
