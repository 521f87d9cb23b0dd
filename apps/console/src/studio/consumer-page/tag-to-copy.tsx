import { useNavigate, useSearch } from '@tanstack/react-router'
import { Choice } from '../ui/choice.tsx'
import { Copy } from '../ui/copy.tsx'
import { Field } from '../ui/field.tsx'
import { SkillFilter } from '../ui/skill-filter.tsx'
import { LOOK_PATH } from './path.ts'
import { lookWords as t } from './words.ts'

/** The tag for the account's own pages, and the address of the page by itself. */
export function TagToCopy({ accountId }: { accountId: string }) {
  const { skill, campaign, engagement, channel = 'messaging' } = useSearch({ from: LOOK_PATH })
  const navigate = useNavigate({ from: LOOK_PATH })
  const change = (part: object): void =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true })
  const wanted = { skill, campaign, engagement, ...(channel === 'chat' && { channel }) }
  const given = Object.entries(wanted).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  const attributes = [['account', accountId] as const, ...given]
    .map(([name, value]) => ` data-${name}="${escaped(value)}"`)
    .join('')
  const tag = `<script src="${location.origin}/consumer.js"${attributes}></script>`
  const query = new URLSearchParams(given.map(([name, value]) => [name, value]))
  const address = `${location.origin}/consumer/${accountId}${query.size > 0 ? `?${query}` : ''}`
  return (
    <section className="stack" aria-labelledby="tag">
      <h2 id="tag">{t.tag}</h2>
      <p className="faint">{t.tagHint}</p>
      <div className="filters">
        <SkillFilter
          accountId={accountId}
          label={t.skill}
          all={t.noSkill}
          value={skill}
          onChange={(id) => change({ skill: id })}
        />
        <Choice
          label={t.channel}
          value={channel}
          options={(['messaging', 'chat'] as const).map((id) => ({ id, name: t.channels[id] }))}
          onChange={(id) => change({ channel: id === 'chat' ? id : undefined })}
        />
        <Field
          label={t.campaign}
          value={campaign ?? ''}
          maxLength={64}
          onChange={(text) => change({ campaign: text || undefined })}
        />
        <Field
          label={t.engagement}
          value={engagement ?? ''}
          maxLength={64}
          onChange={(text) => change({ engagement: text || undefined })}
        />
      </div>
      {channel === 'chat' && skill === undefined && <p className="notice">{t.chatNeedsSkill}</p>}
      <div className="to-copy">
        <pre aria-label={t.tag}>{tag}</pre>
        <Copy text={tag} />
      </div>
      <p className="links">
        <a href={address} target="_blank" rel="noreferrer">
          {address}
        </a>
        <Copy text={address} />
      </p>
    </section>
  )
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
