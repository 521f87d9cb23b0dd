import type { State } from '../state.ts'
import { words } from '../words/index.ts'

/** Who answers, or until then when an answer may be expected. */
export function Subtitle({
  state,
  isSurvey,
  answerTime,
}: {
  state: State
  isSurvey: boolean
  answerTime: string | undefined
}) {
  const { conversation, people } = state
  const agent = conversation?.agentPid === undefined ? undefined : people[conversation.agentPid]
  if (isSurvey || conversation?.stage !== 'OPEN') {
    return (
      <>
        {!conversation && answerTime}
        {state.isSignedIn && <span class="tag">{words.signedIn}</span>}
      </>
    )
  }
  return (
    <>
      {agent ? agent.name : (answerTime ?? words.waitingForAgent)}
      {agent?.isBot && <span class="tag">{words.bot}</span>}
      {state.isSignedIn && <span class="tag">{words.signedIn}</span>}
    </>
  )
}
