import type { ComponentChildren } from 'preact'
import { words } from '../words/index.ts'
import { Icon } from './icons.tsx'

export interface ShellProps {
  title: string
  /** Below the title: who answers, or what the state is. */
  subtitle?: ComponentChildren
  picture?: ComponentChildren
  /** Buttons at the end of the header. */
  actions?: ComponentChildren
  /** Absent in a page of its own. */
  onClose?: (() => void) | undefined
  children: ComponentChildren
}

/** The frame of both windows, messaging and live chat. */
export function Shell({ title, subtitle, picture, actions, onClose, children }: ShellProps) {
  // The page around has a first heading of its own.
  const Heading = onClose ? 'h2' : 'h1'
  return (
    <section class="window" aria-label={title}>
      <header>
        {picture}
        <div class="titles">
          <Heading tabIndex={-1}>{title}</Heading>
          {subtitle && <p class="subtitle">{subtitle}</p>}
        </div>
        {actions}
        {onClose && (
          <button type="button" class="plain" aria-label={words.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {children}
    </section>
  )
}

/** What is wrong, until it is put away or something has worked. */
export function Notice({ text, onDismiss }: { text: string; onDismiss: () => void }) {
  return (
    <div role="alert" class="notice">
      <span>{text}</span>
      <button type="button" class="plain" aria-label={words.dismiss} onClick={onDismiss}>
        <Icon name="close" />
      </button>
    </div>
  )
}
