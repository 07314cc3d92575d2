import { describe, expect, test } from 'vitest';
import type { AnomalyName } from '../../torture/checks/anomaly.js';
import { checkHistory } from '../../torture/checks/check-history.js';
import { HistoryBuilder } from './history-builder.js';

/** The names of what the checker finds. */
function anomalies(history: HistoryBuilder): AnomalyName[] {
  const found = checkHistory(history.build(), history.final(), { signalLimit: 0 });
  return [...new Set(found.map(({ name }) => name))];
}

/** Two workers that append to `x` one after the other, and a listener that hears of it: nothing is wrong. */
function clean(): HistoryBuilder {
  const history = new HistoryBuilder();
  history.subscribe('b');
  history.transaction('a', (t) => t.lock('x', []).append('x', 'a1').emit('/x/changed/a1'));
  history.signal('b', '/x/changed/a1');
  history.transaction('b', (t) => t.lock('x', ['a1']).append('x', 'b1'));
  history.state({ x: ['a1', 'b1'] });
  return history;
}

describe('a history in which nothing is wrong', () => {
  test('is accepted', () => {
    expect(anomalies(clean())).toEqual([]);
  });

  test('is accepted when an unknown commit took effect, and when it did not', () => {
    for (const list of [['a1'], []]) {
      const history = new HistoryBuilder();
      history.transaction('a', (t) => t.lock('x', []).append('x', 'a1'), 'unknown');
      history.state({ x: list });
      expect(anomalies(history)).toEqual([]);
    }
  });

  test('is accepted when a row was deleted', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.append('x', 'a1'));
    history.transaction('b', (t) => t.lock('x', ['a1']).delete('x'));
    expect(anomalies(history)).toEqual([]);
  });

  test('is accepted when a connection, and with it the lock, was lost in the middle', () => {
    const history = new HistoryBuilder();
    history.interleaved(
      'a',
      'b',
      (a, b) => {
        a.lock('x', []);
        b.lock('x', []);
      },
      ['fail', 'ok'],
    );
    history.state({ x: [] });
    expect(anomalies(history)).toEqual([]);
  });

  test('is accepted when the reply to a second lock came after the connection, and the first lock with it, was lost', () => {
    const history = new HistoryBuilder();
    history.interleaved(
      'a',
      'b',
      (a, b) => {
        a.lock('x', []);
        b.lock('x', []);
        a.lock('y', []);
      },
      ['fail', 'ok'],
    );
    history.state({ x: [], y: [] });
    expect(anomalies(history)).toEqual([]);
  });

  test('is accepted when a process died while it held a lock', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.lock('x', []).append('x', 'a1').die());
    history.transaction('b', (t) => t.lock('x', []).append('x', 'b1'));
    history.state({ x: ['b1'] });
    expect(anomalies(history)).toEqual([]);
  });

  test('is accepted when a listener missed signals and was told of the gap', () => {
    const history = clean();
    history.gap('b');
    history.transaction('a', (t) => t.lock('x', ['a1', 'b1']).emit('/x/changed/a2'));
    history.end();
    expect(anomalies(history)).toEqual([]);
  });
});

describe('a planted anomaly is found, by its name', () => {
  test('lost update', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.lock('x', []).append('x', 'a1'));
    history.transaction('b', (t) => t.lock('x', []).append('x', 'b1'));
    history.state({ x: ['b1'] });
    expect(anomalies(history)).toContain('lost update');
  });

  test('lost update: a delete', () => {
    const history = clean();
    history.transaction('a', (t) => t.lock('x', ['a1', 'b1']).delete('x'));
    expect(anomalies(history)).toEqual(['lost update']);
  });

  test('duplicate write', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.lock('x', []).append('x', 'a1'));
    history.state({ x: ['a1', 'a1'] });
    expect(anomalies(history)).toEqual(['duplicate write']);
  });

  test('phantom write', () => {
    const history = clean();
    history.state({ x: ['a1', 'b1', 'z9'] });
    expect(anomalies(history)).toEqual(['phantom write']);
  });

  test('aborted write: what failed is stored', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.lock('x', []).append('x', 'a1'), 'fail');
    history.state({ x: ['a1'] });
    expect(anomalies(history)).toEqual(['aborted write (G1a)']);
  });

  test('aborted read: what failed was seen under a lock', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.lock('x', []).append('x', 'a1'), 'fail');
    history.transaction('b', (t) => t.lock('x', ['a1']));
    history.state({ x: [] });
    expect(anomalies(history)).toEqual(['aborted write (G1a)']);
  });

  test('intermediate read', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.lock('x', []).append('x', 'a1').append('x', 'a2'));
    history.transaction('b', (t) => t.lock('x', ['a1']));
    history.state({ x: ['a1', 'a2'] });
    expect(anomalies(history)).toContain('intermediate read (G1b)');
  });

  test('incompatible order', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.lock('x', []).append('x', 'a1'));
    history.transaction('b', (t) => t.lock('x', ['a1']).append('x', 'b1'));
    history.transaction('c', (t) => t.lock('x', ['b1']));
    history.state({ x: ['a1', 'b1'] });
    expect(anomalies(history)).toEqual(['incompatible order']);
  });

  test('cycle of writes (G0)', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.append('x', 'a1').append('y', 'a2'));
    history.transaction('b', (t) => t.append('x', 'b1').append('y', 'b2'));
    history.state({ x: ['a1', 'b1'], y: ['b2', 'a2'] });
    expect(anomalies(history)).toEqual(['cycle of writes (G0)']);
  });

  test('cyclic information flow (G1c)', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.append('x', 'a1').lock('y', ['b1']));
    history.transaction('b', (t) => t.append('y', 'b1').lock('x', ['a1']));
    history.state({ x: ['a1'], y: ['b1'] });
    expect(anomalies(history)).toEqual(['cyclic information flow (G1c)']);
  });

  test('read skew (G-single)', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.append('x', 'a1').append('y', 'a2'));
    history.transaction('b', (t) => t.lock('x', ['a1']).lock('y', []));
    history.state({ x: ['a1'], y: ['a2'] });
    expect(anomalies(history)).toEqual(['read skew (G-single)']);
  });

  test('anti-dependency cycle (G2): write skew', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.lock('x', []).append('y', 'a1'));
    history.transaction('b', (t) => t.lock('y', []).append('x', 'b1'));
    history.state({ x: ['b1'], y: ['a1'] });
    expect(anomalies(history)).toEqual(['anti-dependency cycle (G2)']);
  });

  test('lock not exclusive', () => {
    const history = new HistoryBuilder();
    history.interleaved('a', 'b', (a, b) => {
      a.lock('x', []);
      b.lock('x', []);
    });
    history.state({ x: [] });
    expect(anomalies(history)).toEqual(['lock not exclusive']);
  });

  test('total not conserved', () => {
    const history = clean();
    history.balances({ p: 60, q: 39 }, 100);
    expect(anomalies(history)).toEqual(['total not conserved']);
  });

  test.each([
    ['a gap', 3, [1, 3]],
    ['a twin', 2, [1, 1]],
    ['a wrong count', 3, [1, 2]],
    ['a late start', 1, [2]],
  ])('sequence broken: %s', (_, count, numbers) => {
    const history = clean();
    history.sequence('s', count, numbers);
    expect(anomalies(history)).toEqual(['sequence broken']);
  });

  test('duplicate member', () => {
    const history = clean();
    history.members('m', ['u', 'v', 'u']);
    expect(anomalies(history)).toEqual(['duplicate member']);
  });

  test('signal before commit', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => {
      t.lock('x', []).append('x', 'a1').emit('/x/changed/a1');
      history.signal('b', '/x/changed/a1');
    });
    history.state({ x: ['a1'] });
    expect(anomalies(history)).toEqual(['signal before commit']);
  });

  test('signal of a rollback', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.lock('x', []).emit('/x/changed/a1'), 'fail');
    history.signal('b', '/x/changed/a1');
    history.state({ x: [] });
    expect(anomalies(history)).toEqual(['signal of a rollback']);
  });

  test('signal out of thin air', () => {
    const history = clean();
    history.signal('b', '/x/changed/z9');
    expect(anomalies(history)).toEqual(['signal out of thin air']);
  });

  test('signal twice', () => {
    const history = clean();
    history.signal('b', '/x/changed/a1');
    expect(anomalies(history)).toEqual(['signal twice']);
  });

  test('signal lost', () => {
    const history = clean();
    history.transaction('a', (t) => t.lock('x', ['a1', 'b1']).emit('/x/changed/a2'));
    history.signal('b', '/x/changed/a1');
    expect(anomalies(history)).toContain('signal lost');
  });

  test('signals out of order', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.lock('x', []).emit('/x/changed/1'));
    history.transaction('a', (t) => t.lock('x', []).emit('/x/changed/2'));
    history.signal('b', '/x/changed/2');
    history.signal('b', '/x/changed/1');
    history.state({ x: [] });
    expect(anomalies(history)).toEqual(['signals out of order']);
  });
});
