import { Link, type LinkProps } from '@tanstack/react-router'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { FirstRows } from '../ui/first-rows.tsx'
import { useUnread } from '../ui/use-unread.tsx'
import { homeWords } from '../words/home.ts'
import { useAttention } from './use-attention.ts'

/** What somebody should look at, each with the way to it. */
export function Attention({ accountId }: { accountId: string }) {
  const { matters, isWhole, query } = useAttention(accountId)
  const { notice } = useUnread(query)
  const t = homeWords
  return (
    <section aria-label={t.attention} className="stack">
      <h2>{t.attention}</h2>
      {notice}
      {matters.length === 0 && isWhole && (
        <p className="good">
          <CircleCheck aria-hidden size={16} /> {t.allWell}
        </p>
      )}
      <FirstRows rows={matters}>
        {(drawn) => (
          <ul className="bare-list attention">
            {drawn.map(({ key, text, link }) => (
              <li key={key}>
                <TriangleAlert aria-hidden size={16} />
                <Link {...(link as LinkProps)}>{text}</Link>
              </li>
            ))}
          </ul>
        )}
      </FirstRows>
    </section>
  )
}
