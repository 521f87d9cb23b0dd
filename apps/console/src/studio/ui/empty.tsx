import type { ReactNode } from 'react'

/** What stands in place of a list that has nothing: why, and what to do about it. */
export function Empty({ text, action }: { text: string; action?: ReactNode }) {
  return (
    <div className="empty">
      <p>{text}</p>
      {action}
    </div>
  )
}
