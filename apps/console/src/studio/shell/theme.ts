export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]
const KEY = 'parley.theme'

/** The look that the user has chosen. */
export function theme(): Theme {
  const kept = localStorage.getItem(KEY)
  return THEMES.find((name) => name === kept) ?? 'system'
}

export function choose(next: Theme): void {
  localStorage.setItem(KEY, next)
  followTheme()
}

export function isDark(): boolean {
  const chosen = theme()
  return (
    chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  )
}

/** Puts the look on the page. */
export function followTheme(): void {
  const chosen = theme()
  document.documentElement.style.colorScheme = chosen === 'system' ? 'light dark' : chosen
  dispatchEvent(new Event('parley-theme'))
}
