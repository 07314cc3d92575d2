// The decorator says that there is one instance in each process, as surely as `export const x = new X()` does.
import { Controller, Injectable, Post, Scope } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { WebSocketGateway } from '@nestjs/websockets';

// of bad_open
@Injectable()
export class OpenTabs {
  private readonly tabs = new Map<string, number>();
  bad_open(user: string) {
    this.tabs.set(user, (this.tabs.get(user) ?? 0) + 1);
  }
}
// of bad_enter
@WebSocketGateway()
export class Lobby {
  private guests: string[] = [];
  bad_enter(name: string) {
    this.guests.push(name);
    return this.guests.length;
  }
}
// of bad_count
@Controller('count')
export class CountController {
  private count = 0;
  @Post()
  bad_count() {
    return ++this.count;
  }
}
// of bad_tick
@Injectable()
export class Cleaner {
  private running = false;
  @Interval(1000)
  async bad_tick() {
    if (this.running) return;
    this.running = true;
    await Promise.resolve();
    this.running = false;
  }
}
@Injectable({ scope: Scope.REQUEST })
export class OfTheRequest {
  private user?: string;
  ok_set(user: string) {
    this.user = user;
    return this.user;
  }
}
@Injectable()
export class Configured {
  constructor(private readonly limit: number) {}
  ok_reads() {
    return this.limit;
  }
}
