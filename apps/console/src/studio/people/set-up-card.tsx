import { SET_UP_STEPS } from '@parley/contract'
import { Link } from '@tanstack/react-router'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useSetUp } from './use-set-up.ts'
import { welcomeWords as t } from './welcome-words.ts'

/** The way to the first set-up, until it is done. For who may administrate. */
export function SetUpCard({ accountId }: { accountId: string }) {
  const { query, save, done, next } = useSetUp(accountId)
  if (!query.data || next === undefined) return null
  return (
    <section className="set-up-card" aria-label={t.title}>
      <div>
        <h2>{t.title}</h2>
        <p className="faint">{t.progress(done.length, SET_UP_STEPS.length)}</p>
      </div>
      <div className="actions">
        <Link className="button primary" to="/$accountId/welcome" params={{ accountId }}>
          {t.goOn}
        </Link>
        <Button
          isPending={save.isPending}
          onPress={() => save.mutate({ setUpDone: [...SET_UP_STEPS] })}
        >
          {t.notNeeded}
        </Button>
      </div>
      {save.error && <ErrorNotice error={save.error} />}
    </section>
  )
}
