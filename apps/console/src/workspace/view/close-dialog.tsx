import { chooseSurvey, listSurveys } from '@parley/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../studio/api/server.ts'
import { useMay } from '../../studio/session/use-session.ts'
import { Choice } from '../../studio/ui/choice.tsx'
import { FormDialog } from '../../studio/ui/form-dialog.tsx'
import { UnlessUnread } from '../../studio/ui/unless-unread.tsx'
import type { Desk } from '../desk/desk.ts'
import { ofServer } from '../desk/notice.ts'
import type { Talk } from '../desk/state.ts'
import { chatWords } from '../chats/words.ts'
import { besideWords } from '../beside/words.ts'
import { t } from '../words.ts'

interface Props {
  desk: Desk
  accountId: string
  talk: Talk
  onClose: () => void
}

const AUTOMATIC = 'automatic'
const NONE = 'none'

/** Asks before a conversation is closed, and which survey follows. */
export function CloseDialog({ desk, accountId, talk, onClose }: Props) {
  const { chat, conversationId, skillId } = talk
  const [survey, setSurvey] = useState(AUTOMATIC)
  const mayRead = useMay(accountId, 'account:read')
  const query = useQuery({
    queryKey: ['surveys', accountId],
    queryFn: () => ask(accountId, listSurveys),
    enabled: mayRead && !chat,
  })
  const surveys = query.data?.surveys ?? []
  const ofSkill = surveys.find(({ skillIds }) => skillIds.includes(skillId))
  const { error, isPending, mutate } = useMutation({
    async mutationFn() {
      if (survey !== AUTOMATIC && survey !== NONE) {
        const body = { choice: 'send' as const, surveyId: Number(survey) }
        await ask(accountId, chooseSurvey, { params: { conversationId }, body })
      }
      await desk.close(conversationId, survey !== NONE)
    },
    onSuccess: onClose,
  })
  return (
    <FormDialog
      title={chat ? chatWords.closeTitle : t.closeTitle}
      submit={t.close}
      isQuestion
      error={ofServer(error)}
      isPending={isPending}
      onSubmit={() => mutate()}
      onClose={onClose}
    >
      <p>{chat ? chatWords.closeText : t.closeText}</p>
      {!chat && <UnlessUnread query={query}>{null}</UnlessUnread>}
      {!chat && (
        <Choice
          label={besideWords.survey.label}
          value={survey}
          options={[
            {
              id: AUTOMATIC,
              name: besideWords.survey.automatic,
              ...(query.data && { description: ofSkill?.name ?? besideWords.survey.none }),
            },
            ...surveys
              .filter((one) => one !== ofSkill)
              .map(({ surveyId, name }) => ({
                id: String(surveyId),
                name: besideWords.survey.send(name),
              })),
            { id: NONE, name: besideWords.survey.none },
          ]}
          onChange={setSurvey}
        />
      )}
    </FormDialog>
  )
}
