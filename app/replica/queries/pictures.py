"""Which picture stands for a product in lists."""


def main_picture(product_id: str) -> str:
    """SQL for the name of a product's first picture; ``product_id`` is SQL too."""
    return (
        f"coalesce((SELECT pm.sha256 FROM product_media pm WHERE pm.product_id = {product_id} AND pm.role <> 'video'"
        " ORDER BY pm.sort, pm.id LIMIT 1), '')"
    )
