"""Prints the numbers that TestCrowdBradleyTerry compares with: the maximum of the annotator-aware Bradley-Terry model by L-BFGS.

Usage: python scripts/golden/crowd.py [votes.jsonl.gz of UKPConvArg1]   (needs `torch`)
"""

import collections
import gzip
import json
import sys

import torch

PRIOR = 0.1
SMOOTHING = 1.0


def example():
    """(left, right, annotator, share of the left) of 5 things and 4 annotators, of whom the last mostly inverts; a tie at the end."""
    votes = []
    for annotator in range(4):
        for left in range(5):
            for right in range(left + 1, 5):
                wins = 1 if (left + 2 * right + annotator) % 5 == 0 else 4
                wins = 5 - wins if annotator == 3 else wins
                votes += [(left, right, annotator, 1.0)] * wins + [(left, right, annotator, 0.0)] * (5 - wins)
    return votes + [(0, 1, 2, 0.5)]


def arguments(path):
    things, workers, votes = {}, {}, []
    for line in sorted(set(gzip.open(path, "rt", encoding="utf-8"))):
        vote = json.loads(line)
        number = lambda names, name: names.setdefault(name, len(names))
        left = number(things, (vote["topic"], vote["arg1"]))
        right = number(things, (vote["topic"], vote["arg2"]))
        share = {"a1": 1.0, "a2": 0.0, "equal": 0.5}[vote["value"]]
        votes.append((left, right, number(workers, vote["worker"]), share))
    return votes, workers


def log_posterior(votes, strengths, logits):
    left, right, annotator, share = votes
    difference = torch.sigmoid(strengths[left] - strengths[right])
    eta = torch.sigmoid(logits[annotator])
    probability = eta * difference + (1 - eta) * (1 - difference)
    likelihood = torch.xlogy(share, probability) + torch.xlogy(1 - share, 1 - probability)
    things = torch.nn.functional.logsigmoid(strengths) + torch.nn.functional.logsigmoid(-strengths)
    people = torch.nn.functional.logsigmoid(logits) + torch.nn.functional.logsigmoid(-logits)
    return likelihood.sum() + PRIOR * things.sum() + SMOOTHING * people.sum()


def fit(rows):
    columns = list(zip(*rows))
    votes = tuple(torch.tensor(c) for c in columns[:3]) + (torch.tensor(columns[3], dtype=torch.float64),)
    strengths = torch.zeros(max(columns[0] + columns[1]) + 1, dtype=torch.float64, requires_grad=True)
    logits = torch.full((max(columns[2]) + 1,), 1.386294, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [strengths, logits], max_iter=20_000, tolerance_grad=1e-10, tolerance_change=1e-15, history_size=50, line_search_fn="strong_wolfe"
    )

    def closure():
        optimizer.zero_grad()
        loss = -log_posterior(votes, strengths, logits)
        loss.backward()
        return loss

    optimizer.step(closure)
    return log_posterior(votes, strengths, logits).item(), strengths.detach(), torch.sigmoid(logits.detach())


def main():
    torch.set_printoptions(precision=6, sci_mode=False, linewidth=120)
    posterior, strengths, eta = fit(example())
    print("example", round(posterior, 6), strengths - strengths.mean(), eta)
    for path in sys.argv[1:]:
        rows, workers = arguments(path)
        posterior, _, eta = fit(rows)
        print(path, len(rows), len(workers), round(posterior, 4))
        counts = collections.Counter(row[2] for row in rows)
        for name, number in sorted(workers.items(), key=lambda item: -counts[item[1]])[:5]:
            print(name, counts[number], round(eta[number].item(), 5))


if __name__ == "__main__":
    main()
