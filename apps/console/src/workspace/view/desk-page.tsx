import { WifiOff, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useNames } from '../../studio/api/use-names.ts'
import { useUpdates } from '../../studio/api/use-updates.ts'
import { session, type SignedIn } from '../../studio/session/session.ts'
import { UserMenu } from '../../studio/shell/user-menu.tsx'
import { Button } from '../../studio/ui/button.tsx'
import { words } from '../../studio/words/index.ts'
import { openCommandRuns } from '../desk/command-runs.ts'
import type { Desk } from '../desk/desk.ts'
import { isUnread, type State, talkOf } from '../desk/state.ts'
import { goTo, usePlace } from '../place.ts'
import { t } from '../words.ts'
import { FactsPane } from './facts-pane.tsx'
import { QueuePane } from './queue-pane.tsx'
import { StatusChoice } from './status-choice.tsx'
import { TalkPane } from './talk-pane.tsx'
import { useDesk, useDeskState } from './use-desk.ts'
import { useTalkKeys } from './use-talk-keys.ts'

interface Props {
  signedIn: SignedIn
  isEnded: boolean
  userId: string
  pid: string
}

/** What is around the conversations of an agent: queue, conversation and what is known of the consumer. */
export function DeskPage({ signedIn, isEnded, userId, pid }: Props) {
  const { accountId } = signedIn
  const bearer = isEnded ? undefined : signedIn.bearer
  const desk = useDesk({ accountId, userId, pid, bearer })
  const state = useDeskState(desk)
  const names = useNames(accountId)
  const { conversationId } = usePlace()
  useUpdates(accountId, bearer)
  useEffect(() => desk.select(conversationId), [desk, conversationId])
  useTalkKeys(desk, accountId)
  useTitle(state)
  const talk = talkOf(state, conversationId)
  const [isFactsShown, setFactsShown] = useState(false)
  const [runs] = useState(openCommandRuns)
  const shared = { desk, state, accountId, names }
  return (
    <div className={`desk ${talk ? 'has-talk' : ''} ${isFactsShown ? 'shows-facts' : ''}`}>
      <a className="skip" href="#talk">
        {words.common.skip}
      </a>
      <header className="top">
        <h1 className="brand">{t.title}</h1>
        <span className="faint account">{words.shell.account(accountId)}</span>
        <span className="space" />
        <StatusChoice desk={desk} availability={state.availability} />
        <UserMenu {...signedIn} />
      </header>
      <Banner desk={desk} state={state} onHere={() => session.end(accountId, signedIn.bearer)} />
      <main className="panes">
        <QueuePane {...shared} />
        <section id="talk" className="talk-pane" aria-label={t.conversation}>
          {talk ? (
            <TalkPane
              key={talk.conversationId}
              {...shared}
              talk={talk}
              pid={pid}
              runs={runs}
              onFacts={() => setFactsShown(!isFactsShown)}
            />
          ) : (
            <p className="empty">{t.choose}</p>
          )}
        </section>
        <section className="facts-pane" aria-label={t.consumer}>
          {talk && (
            <FactsPane
              key={talk.conversationId}
              {...shared}
              talk={talk}
              onLeave={() => goTo(accountId)}
            />
          )}
        </section>
      </main>
    </div>
  )
}

interface BannerProps {
  desk: Desk
  state: State
  onHere: () => void
}

/** What keeps the agent from working, and what the server has refused. */
function Banner({ desk, state: { connection, notice }, onHere }: BannerProps) {
  return (
    <div className="banners">
      <div
        role="status"
        className={connection === 'lost' || connection === 'elsewhere' ? 'lost' : ''}
      >
        {connection === 'lost' && (
          <>
            <WifiOff aria-hidden size={16} />
            {t.lost}
          </>
        )}
        {connection === 'elsewhere' && (
          <>
            {t.elsewhere}
            <Button onPress={onHere}>{t.here}</Button>
          </>
        )}
      </div>
      <div role="alert" className={notice === undefined ? '' : 'notice error'}>
        {notice !== undefined && (
          <>
            <p>{notice}</p>
            <Button kind="quiet" aria-label={t.dismiss} onPress={desk.dismissNotice}>
              <X aria-hidden size={16} />
            </Button>
          </>
        )}
      </div>
    </div>
  )
}

/** How much waits for the agent stands in the title of the browser's tab. */
function useTitle({ offers, talks, seen }: State): void {
  const count = offers.length + talks.filter((talk) => isUnread(talk, seen)).length
  useEffect(() => {
    document.title = count > 0 ? `(${count}) ${t.title}` : t.title
  }, [count])
}
