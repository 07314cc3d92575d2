import type { Place } from '../../model/place.js';
import { markup, type Markup } from './markup.js';

/** Where a place is, as an editor takes it. */
export function showAddress({ uri, startLine }: Pick<Place, 'uri' | 'startLine'>): Markup {
  return markup`<code class="address">${uri}:${startLine}</code>`;
}

/** Where a place is, with its source text. */
export function showSource(place: Place): Markup {
  return markup`${showAddress(place)}<pre><code>${place.snippet}</code></pre>`;
}

/** Places of which there may be many, behind a line that counts them. */
export function showPlaces(places: readonly Place[], verb: string): Markup {
  const [first] = places;
  if (!first) return markup`<p class="quiet">${verb} nowhere</p>`;
  if (places.length === 1) return markup`<p class="quiet">${verb} at ${showAddress(first)}</p>`;
  const items = places.map((place) => markup`<li>${showAddress(place)}</li>`);
  return markup`<details><summary>${verb} at ${places.length} places</summary><ul>${items}</ul></details>`;
}
