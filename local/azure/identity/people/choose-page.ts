import { html } from 'hono/html'
import { people } from './directory.ts'

/** The page on which one chooses who to be. It stands for the sign-in page of Entra ID. */
export async function choosePage(action: string): Promise<string> {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Who are you? · Simulated sign-in</title>
        <style>
          :root {
            color-scheme: light dark;
          }
          body {
            font:
              1rem/1.5 system-ui,
              sans-serif;
            max-width: 34rem;
            margin: 2rem auto;
            padding: 0 1rem;
          }
          ul {
            list-style: none;
            padding: 0;
            display: grid;
            gap: 0.5rem;
          }
          button {
            width: 100%;
            min-height: 3rem;
            padding: 0.5rem 1rem;
            font: inherit;
            text-align: left;
            cursor: pointer;
          }
          button:focus-visible {
            outline: 3px solid;
            outline-offset: 2px;
          }
        </style>
      </head>
      <body>
        <main>
          <h1>Who are you?</h1>
          <p>
            This page stands for the sign-in of your organisation. There are no passwords; nobody here is
            real.
          </p>
          <form method="post" action="${action}">
            <ul>
              ${people.map(
                ({ key, name, about }) =>
                  html`<li>
                    <button name="person" value="${key}"><strong>${name}</strong>, ${about}</button>
                  </li>`,
              )}
            </ul>
          </form>
        </main>
      </body>
    </html>`
  return (await page).toString()
}
