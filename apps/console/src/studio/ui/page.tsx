import { type ReactNode, useEffect, useRef } from 'react'
import { useScrollPlace } from './use-scroll-place.ts'

interface Props {
  title: string
  /** Beside the title. */
  actions?: ReactNode
  children: ReactNode
  /** Without margins, for an editor. */
  isWide?: boolean
}

/** A page: its title is that of the window, and has the focus when the page is entered. */
export function Page({ title, actions, children, isWide }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Parley`
  }, [title])
  useEffect(() => heading.current?.focus(), [])
  useScrollPlace('page', () => heading.current?.closest('main'))
  return (
    <div className={isWide ? 'page wide' : 'page'}>
      <header className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <div className="actions">{actions}</div>
      </header>
      {children}
    </div>
  )
}
