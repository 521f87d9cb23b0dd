import { type Chat, listSurveyRuns, type SurveyRun } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../studio/api/server.ts'
import { Facts } from '../../studio/ui/facts.tsx'
import { UnlessUnread } from '../../studio/ui/unless-unread.tsx'
import { besideWords } from './words.ts'

/** What the consumer has answered after the conversation; nothing where no survey was sent. */
export function Survey({
  accountId,
  conversationId,
}: {
  accountId: string
  conversationId: string
}) {
  const query = useQuery({
    queryKey: ['conversation', accountId, conversationId, 'survey'],
    queryFn: () => ask(accountId, listSurveyRuns, { query: { conversationId, limit: 1 } }),
  })
  const run = query.data?.runs[0]
  if (!run) return <UnlessUnread query={query}>{null}</UnlessUnread>
  return (
    <>
      <h3>{besideWords.survey.title}</h3>
      <p>{besideWords.survey.outcomes[run.outcome ?? 'open']}</p>
      <Facts facts={run.answers.map((answer) => [answer.questionId, wordsOf(answer)] as const)} />
    </>
  )
}

function wordsOf({ text, skipped, answerIds }: SurveyRun['answers'][number]): string {
  if (skipped) return besideWords.survey.skipped
  return text === '' ? answerIds.join(', ') : text
}

export function ChatSurvey({ chat }: { chat: Chat }) {
  const { survey, csatRank, questionWithAnswers = [] } = chat
  if (survey === 'none') return null
  return (
    <>
      <h3>{besideWords.survey.title}</h3>
      <p>{besideWords.survey.outcomes[survey]}</p>
      {csatRank !== undefined && <p>{besideWords.survey.csat(csatRank)}</p>}
      <Facts
        facts={questionWithAnswers.map(({ question, answer }) => [question, answer] as const)}
      />
    </>
  )
}
