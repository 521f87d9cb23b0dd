import { Button } from '../ui/button.tsx'
import { words } from '../words/index.ts'
import type { ChatContext } from './chat-context.ts'
import type { ChatChange, Decision, MailLine } from './chat-timeline.ts'
import { chatWords as t } from './chat-words.ts'
import { EventLink } from './event-link.tsx'
import { LeftOutList } from './left-out.tsx'
import { nameOf } from './line-context.ts'
import { MailStateChip } from './mail-details.tsx'
import type { RunLine } from './timeline.ts'

type Survey = Extract<ChatChange['change'], { type: 'survey' }>['survey']

/** What the consumer answered, and the event that this raised. */
export function SurveyDetails({ survey, accountId }: ChatContext & { survey: Survey }) {
  const { questionWithAnswers } = survey
  return (
    <>
      <h3>{t.answers}</h3>
      {questionWithAnswers.length === 0 && <p className="faint">{t.noAnswers}</p>}
      <dl className="pairs">
        {questionWithAnswers.map(({ question, answer }, index) => [
          <dt key={index}>
            <bdi>{question}</bdi>
          </dt>,
          <dd key={`${index}:`}>
            <bdi>{answer}</bdi>
          </dd>,
        ])}
      </dl>
      <p>
        {t.raised} <EventLink accountId={accountId} />.
      </p>
    </>
  )
}

/** Who was decided to get the transcript, by whom, and what was returned that is no mail. */
export function DecisionDetails(
  props: ChatContext & { decision: Decision; runs: readonly RunLine[] },
) {
  const { decision, runs, names, lines, reveal } = props
  const { by, sources, error, leftOut, moreLeftOut } = decision
  const mails = lines.filter((line): line is MailLine => line.kind === 'mail')
  return (
    <>
      {error !== undefined && (
        <p className="bad">
          <bdi>{error}</bdi>
        </p>
      )}
      <h3>{by === 'functions' ? t.asked : t.fitted}</h3>
      {sources.length === 0 && runs.length === 0 && <p className="faint">{t.nothingFitted}</p>}
      <ul className="bare-list">
        {runs.map((run) => (
          <li key={run.key}>
            <Button kind="quiet" onPress={() => reveal(run.key)}>
              <bdi>{nameOf(run, { names })}</bdi>
            </Button>{' '}
            <span className={run.last.outcome === 'SUCCEEDED' ? 'good' : 'bad'}>
              {words.editor.outcomes[run.last.outcome]}
            </span>
          </li>
        ))}
        {runs.length === 0 &&
          sources.map((source) => (
            <li key={source}>
              <bdi>{source}</bdi>
            </li>
          ))}
      </ul>
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
      <LeftOutList leftOut={leftOut} more={moreLeftOut} />
    </>
  )
}
