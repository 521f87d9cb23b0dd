import { discardDeadLetter, listDeadLetters, redriveDeadLetter } from '@parley/contract'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, serverError } from '../api/server.ts'
import { CheckBox } from '../ui/check-box.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Listed } from '../ui/listed.tsx'
import { Ago } from '../ui/time.tsx'
import { deliveryWords } from '../words/delivery.ts'
import { operateWords } from '../words/operate.ts'
import { Kind } from './kind.tsx'
import { LetterDialog } from './letter-dialog.tsx'

const REFRESH_MS = 15_000
const PAGE = 50

/** Work whose attempts are used up: one or many are put back, or given up. */
export function DeadLetters({ accountId }: { accountId: string }) {
  const { name } = useSearch({ from: '/$accountId/delivery' })
  const navigate = useNavigate({ from: '/$accountId/delivery' })
  const client = useQueryClient()
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set())
  const [isDiscarding, setDiscarding] = useState(false)
  const [shown, setShown] = useState<number>()
  const [said, setSaid] = useState('')
  const t = deliveryWords
  const query = useInfiniteQuery({
    queryKey: ['dead-letters', accountId, name],
    queryFn: ({ pageParam }) =>
      ask(accountId, listDeadLetters, { query: { name, beforeId: pageParam, limit: PAGE } }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ deadLetters }) =>
      deadLetters.length < PAGE ? undefined : deadLetters.at(-1)?.id,
    refetchInterval: REFRESH_MS,
  })
  const letters = query.data?.pages.flatMap(({ deadLetters }) => deadLetters) ?? []
  const chosen = letters.filter(({ id }) => selected.has(id)).map(({ id }) => id)

  const act = useMutation({
    mutationFn: async (how: 'discard' | 'retry') => {
      const spec = how === 'retry' ? redriveDeadLetter : discardDeadLetter
      let failed = 0
      for (const id of chosen) {
        try {
          await ask(accountId, spec, { params: { id } })
        } catch (error) {
          // Somebody else was faster, or a timer is armed again: the others go on.
          const { status } = serverError(error)
          if (status !== 404 && status !== 409) throw error
          failed++
        }
      }
      return { how, done: chosen.length - failed, failed }
    },
    onMutate: () => setSaid(''),
    onSuccess: ({ how, done, failed }) => {
      setSaid(how === 'retry' ? t.retried(done, failed) : t.discarded(done, failed))
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['dead-letters', accountId] })
      void client.invalidateQueries({ queryKey: ['deliveries', accountId] })
    },
  })
  function toggle(id: number): void {
    setSelected((old) =>
      old.has(id) ? new Set([...old].filter((one) => one !== id)) : new Set([...old, id]),
    )
  }
  const isAll = letters.length > 0 && letters.every(({ id }) => selected.has(id))

  return (
    <section aria-label={t.dead} className="stack">
      <h2>{t.dead}</h2>
      <p className="faint">{t.deadHint}</p>
      <p role="status">{said}</p>
      {act.error && !isDiscarding && <ErrorNotice error={act.error} />}
      {name !== undefined && (
        <p>
          <span className="chip">
            <Kind name={name} />
          </span>{' '}
          <Button kind="quiet" onPress={() => void navigate({ search: {} })}>
            {operateWords.all}
          </Button>
        </p>
      )}
      <Listed
        label={t.dead}
        query={query}
        rowsOf={() => letters}
        keyOf={({ id }) => String(id)}
        empty={<Empty text={name === undefined ? t.noDead : t.noDeadSuch} />}
        above={() => (
          <div className="actions">
            <CheckBox
              label={t.selectAll}
              isSelected={isAll}
              onChange={() => setSelected(new Set(isAll ? [] : letters.map(({ id }) => id)))}
            />
            <Button
              isDisabled={chosen.length === 0}
              isPending={act.isPending && !isDiscarding}
              onPress={() => act.mutate('retry', { onSuccess: () => setSelected(new Set()) })}
            >
              {t.retryMany(chosen.length)}
            </Button>
            <Button
              isDisabled={chosen.length === 0 || act.isPending}
              onPress={() => {
                act.reset()
                setDiscarding(true)
              }}
            >
              {t.discardMany(chosen.length)}
            </Button>
          </div>
        )}
        columns={[
          {
            head: t.kind,
            cell: ({ id, name }) => (
              <CheckBox
                label={<Kind name={name} />}
                aria-label={t.select(`${id}`)}
                isSelected={selected.has(id)}
                onChange={() => toggle(id)}
              />
            ),
          },
          {
            head: t.about,
            cell: ({ id, lane }) => (
              <Button kind="quiet" aria-label={`${t.show}: ${lane}`} onPress={() => setShown(id)}>
                <bdi className="cut">{lane}</bdi>
              </Button>
            ),
          },
          { head: t.cause, cell: ({ cause }) => <bdi>{cause}</bdi> },
          { head: t.attempts, cell: ({ attempts }) => attempts },
          { head: t.deadAt, cell: ({ deadAt }) => <Ago at={deadAt} /> },
        ]}
      />
      {isDiscarding && (
        <FormDialog
          title={t.discardTitle}
          submit={t.discard}
          kind="danger"
          error={act.error}
          isPending={act.isPending}
          onSubmit={() =>
            act.mutate('discard', {
              onSuccess() {
                setSelected(new Set())
                setDiscarding(false)
              },
            })
          }
          onClose={() => {
            act.reset()
            setDiscarding(false)
          }}
        >
          <p>{t.discardText(chosen.length)}</p>
        </FormDialog>
      )}
      {shown !== undefined && (
        <LetterDialog accountId={accountId} id={shown} onClose={() => setShown(undefined)} />
      )}
    </section>
  )
}
