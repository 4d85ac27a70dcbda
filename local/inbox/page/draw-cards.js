/* global AdaptiveCards, document, fetch, matchMedia, open */
// Draws the cards of the page as Teams does: with the official renderer, for version 1.4.

const dark = matchMedia('(prefers-color-scheme: dark)')

const colors = (isDark) => {
  const pair = (light, inDark) => ({
    default: isDark ? inDark : light,
    subtle: isDark ? '#a3adb8' : '#59636e',
  })
  return {
    default: pair('#1b1f24', '#e7eaee'),
    accent: pair('#0a58b8', '#83b9ff'),
    good: pair('#166534', '#86e0a8'),
    warning: pair('#8a4b00', '#ffcf7a'),
    attention: pair('#a4161a', '#ff9d9d'),
  }
}

const style = (background, isDark) => ({ backgroundColor: background, foregroundColors: colors(isDark) })

const hostConfig = (isDark) =>
  new AdaptiveCards.HostConfig({
    fontFamily: 'system-ui, sans-serif',
    supportsInteractivity: true,
    actions: { actionsOrientation: 'horizontal', actionAlignment: 'left', maxActions: 6 },
    containerStyles: {
      default: style(isDark ? '#1d2229' : '#ffffff', isDark),
      emphasis: style(isDark ? '#272e37' : '#eef1f5', isDark),
      good: style(isDark ? '#16301f' : '#e9f7ee', isDark),
      warning: style(isDark ? '#37290f' : '#fff6e0', isDark),
      attention: style(isDark ? '#35191b' : '#fdf0f0', isDark),
      accent: style(isDark ? '#152a45' : '#eaf3ff', isDark),
    },
  })

async function draw(place) {
  const response = await fetch(`/api/messages/${place.dataset.message}`)
  const { content } = await response.json()
  const card = new AdaptiveCards.AdaptiveCard()
  card.hostConfig = hostConfig(dark.matches)
  card.onExecuteAction = (action) => {
    const isWeb = action instanceof AdaptiveCards.OpenUrlAction && /^https?:/i.test(action.url ?? '')
    if (isWeb) open(action.url, '_blank', 'noopener,noreferrer')
  }
  card.parse(content.card, new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_4))
  place.replaceChildren(card.render() ?? 'The renderer shows nothing of this card.')
}

function drawAll() {
  for (const place of document.querySelectorAll('[data-message]')) {
    draw(place).catch((error) => place.replaceChildren(`The card cannot be drawn: ${error}`))
  }
}

dark.addEventListener('change', drawAll)
drawAll()
